// What the payload of an event tells; one that cannot be read tells nothing.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { type GitHubEvent, readEvent } from '../../src/action/event.ts';

const file = path.join(await mkdtemp(path.join(tmpdir(), 'event-')), 'event.json');

async function eventOf(text: string, env: object = {}): Promise<GitHubEvent> {
  await writeFile(file, text);
  return readEvent({ GITHUB_EVENT_PATH: file, GITHUB_EVENT_NAME: 'push', ...env });
}

describe('visibility', () => {
  test.each([
    ['a private repository', '{"repository":{"visibility":"private"}}', 'private'],
    ['a schedule without a repository', '{"schedule":"0 0 * * *"}', ''],
    ['a repository of no visibility', '{"repository":{"visibility":7}}', ''],
    ['text', 'push', ''],
    ['a list', '[]', ''],
  ])('%s', async (_, text, visibility) => {
    expect(await eventOf(text)).toEqual({ visibility });
  });

  test.each([undefined, '', '/no/such/file'])('no payload at %j', (missing) => {
    expect(readEvent({ GITHUB_EVENT_PATH: missing })).toEqual({ visibility: '' });
  });
});

describe('a pull request', () => {
  const of = (head: object | null): string =>
    JSON.stringify({ pull_request: { head: { repo: head }, base: { repo: { id: 1 } } } });
  const pull = { GITHUB_EVENT_NAME: 'pull_request' };
  const dependabot = { GITHUB_ACTOR: 'dependabot[bot]' };

  test.each([
    ['of this repository', of({ id: 1 }), pull, undefined],
    ['from a fork', of({ id: 2 }), pull, 'fork'],
    ['from a fork that was deleted', of(null), pull, 'fork'],
    ['that is reviewed', of({ id: 2 }), { GITHUB_EVENT_NAME: 'pull_request_review' }, 'fork'],
    ['of Dependabot', of({ id: 1 }), { ...pull, ...dependabot }, 'dependabot'],
    [
      'from a fork, run with the rights of the base',
      of({ id: 2 }),
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      undefined,
    ],
    ['without a payload', '{}', pull, undefined],
  ])('%s', async (_, text, env, stranger) => {
    expect((await eventOf(text, env)).stranger).toBe(stranger);
  });

  test('a push of Dependabot is none', async () => {
    expect((await eventOf('{}', dependabot)).stranger).toBeUndefined();
  });
});
