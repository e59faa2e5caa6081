// The payload of an event, and payloads that cannot be read.
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

describe('the visibility in an event payload', () => {
  test.each([
    ['the event of a private repository', '{"repository":{"visibility":"private"}}', 'private'],
    ['a schedule without a repository', '{"schedule":"0 0 * * *"}', ''],
    ['the event of a repository without a visibility', '{"repository":{"visibility":7}}', ''],
    ['text', 'push', ''],
    ['a list', '[]', ''],
  ])('is read from %s', async (_, text, visibility) => {
    expect(await eventOf(text)).toEqual({ visibility });
  });

  test.each([undefined, '', '/no/such/file'])('is unknown without a payload at %j', (missing) => {
    expect(readEvent({ GITHUB_EVENT_PATH: missing })).toEqual({ visibility: '' });
  });
});

describe('the pull request in an event payload', () => {
  const of = (head: object | null): string =>
    JSON.stringify({ pull_request: { head: { repo: head }, base: { repo: { id: 1 } } } });
  const pull = { GITHUB_EVENT_NAME: 'pull_request' };
  const dependabot = { GITHUB_ACTOR: 'dependabot[bot]' };

  test.each([
    ['from this repository', of({ id: 1 }), pull, undefined],
    ['from a fork', of({ id: 2 }), pull, 'fork'],
    ['from a deleted fork', of(null), pull, 'fork'],
    ['under review', of({ id: 2 }), { GITHUB_EVENT_NAME: 'pull_request_review' }, 'fork'],
    ['of Dependabot', of({ id: 1 }), { ...pull, ...dependabot }, 'dependabot'],
    [
      'from a fork, run with the permissions of the base',
      of({ id: 2 }),
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      undefined,
    ],
    ['without a payload', '{}', pull, undefined],
  ])('has the right origin: %s', async (_, text, env, stranger) => {
    expect((await eventOf(text, env)).stranger).toBe(stranger);
  });

  test('is absent for a push by Dependabot', async () => {
    expect((await eventOf('{}', dependabot)).stranger).toBeUndefined();
  });
});
