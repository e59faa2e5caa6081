// Pull requests from forks and of Dependabot cannot sign: the step is skipped with a notice, without a request, and later steps see that nothing is signed.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
const noToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
};
const pull = { ...noToken, GITHUB_EVENT_NAME: 'pull_request' };
const pullRequest = (id: number): object => ({
  pull_request: { head: { repo: { id } }, base: { repo: { id: 1000001 } } },
  repository: { visibility: 'public' },
});
const IF =
  "add to the step: if: github.event_name != 'pull_request' || (github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]')";

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test.each([
    ['forks', 'from forks', 'fork-pull-request', { env: pull, event: pullRequest(7) }],
    [
      'Dependabot',
      'of Dependabot',
      'dependabot-pull-request',
      { env: { ...pull, GITHUB_ACTOR: 'dependabot[bot]' }, event: pullRequest(1000001) },
    ],
  ])(
    'skips a pull request of %s with a notice that contains the line to paste',
    async (_, whose, reason, job) => {
      const { exit, outputs, annotations, summary } = await world.run(
        entry,
        { mode: 'sign', images: image.reference, key: '', 'key-password': '' },
        job,
      );
      expect({ exit, outputs }).toEqual({
        exit: 0,
        outputs: { signed: 'false', 'skip-reason': reason },
      });
      expect(annotations).toEqual([
        {
          level: 'notice',
          title: 'Countersign',
          message: `Skipped signing: GitHub gives pull requests ${whose} no identity token\nTo do without this notice: ${IF}`,
        },
      ]);
      expect(summary).toContain('## Images not signed');
      expect(await counted(world)).toEqual({});
    },
  );

  test('skips a job without a token if the inputs allow it', async () => {
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'sign', images: image.reference, 'if-no-identity': 'skip', summary: 'false' },
      { env: noToken },
    );
    expect({ exit, outputs }).toEqual({
      exit: 0,
      outputs: { signed: 'false', 'skip-reason': 'no-identity' },
    });
    expect(annotations).toMatchObject([{ level: 'notice' }]);
    expect(await counted(world)).toEqual({});
  });

  test('signs a pull request from the same repository', async () => {
    const { reference } = await world.push('acme/app', { content: entry });
    const { exit, outputs } = await world.run(
      entry,
      { mode: 'sign', images: reference },
      { env: { GITHUB_EVENT_NAME: 'pull_request' }, event: pullRequest(1000001) },
    );
    expect({ exit, signed: outputs['signed'], skip: outputs['skip-reason'] }).toEqual({
      exit: 0,
      signed: 'true',
      skip: '',
    });
  });
});
