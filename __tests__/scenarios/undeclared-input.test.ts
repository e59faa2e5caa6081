// An input that action.yml does not declare would be ignored, so it is rejected in both modes.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const SECRET = 'what somebody wrote there';
const world = await startWorld();

beforeAll(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('step run from %s', (entry) => {
  describe.each(['sign', 'verify'])('mode: %s', (mode) => {
    const inputs: Inputs = { mode, images: `ghcr.io/acme/app@${DIGEST}` };

    test.each([
      ['INPUT_SIGNER_WORKFLOW', 'signer_workflow', 'did you mean "signer-workflow"?'],
      ['INPUT_REPO', 'repo', 'did you mean "repository"?'],
      ['INPUT_REQUIRES', 'requires', 'did you mean "require"?'],
      [
        'INPUT_TEAM',
        'team',
        'remove it from "with", or rename the variable INPUT_TEAM if "env" sets it',
      ],
    ])('rejects %s', async (variable, name, remedy) => {
      // The leak check of every run covers the value.
      const { exit, outputs, annotations } = await world.run(entry, inputs, {
        env: { [variable]: SECRET },
        secrets: [SECRET],
      });
      expect({ exit, annotations: annotations.map(({ message }) => message) }).toEqual({
        exit: 1,
        annotations: [`Cannot use "${name}": this action has no such input\nTo fix: ${remedy}`],
      });
      expect(outputs).toMatchObject(mode === 'sign' ? { signed: 'false' } : { verified: 'false' });
    });
  });

  test('reports all undeclared inputs together with the other problems', async () => {
    const { annotations } = await world.run(
      entry,
      { mode: 'verify', images: `ghcr.io/acme/app@${DIGEST}`, summary: 'maybe' },
      { env: { INPUT_REPO: '', INPUT_SIGNER_REPO: '' } },
    );
    expect(annotations.map(({ message }) => message.split('\n')[0])).toEqual([
      'Cannot use "repo": this action has no such input',
      'Cannot use "signer_repo": this action has no such input',
      'Cannot use "summary": "maybe" is neither true nor false',
    ]);
  });
});

test('sends no request for undeclared inputs', async () => {
  expect(await counted(world)).toEqual({});
});
