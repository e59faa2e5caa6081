// What the runner and the user get from a step that cannot start.
import { describe, expect, test } from '@jest/globals';

import { type ActionResult, runAction } from '../../lab/runner/run-action.ts';

const run = (inputs: Readonly<Record<string, string>>): Promise<ActionResult> =>
  runAction({ entry: 'src', inputs });

describe('problems of a step that cannot start', () => {
  test.each([
    ['sign', { signed: 'false' }],
    ['verify', { verified: 'false', verdict: 'inconclusive' }],
    ['ship', {}],
  ])(
    'are annotations with a remedy in mode %s, and outputs that no later step can mistake for success',
    async (mode, outputs) => {
      const result = await run({ mode, images: '', summary: 'maybe' });
      expect(result).toMatchObject({ exit: 1, outputs, summary: '', stderr: '' });
      expect(result.annotations.length).toBeGreaterThanOrEqual(2);
      for (const { level, title, message } of result.annotations) {
        expect({ level, title, message }).toEqual({
          level: 'error',
          title: 'Countersign',
          message: expect.stringMatching(/^(Cannot|Missing) .*\nTo fix: .+/s),
        });
      }
    },
  );

  test('start with one that says how many there are, if GitHub does not show all', async () => {
    const images = (count: number): string =>
      Array.from({ length: count }, (_, number) => `Image ${number}`).join('\n');
    const [ten, eleven] = [
      await run({ mode: 'verify', images: images(10) }),
      await run({ mode: 'verify', images: images(11) }),
    ];
    expect(ten.annotations).toHaveLength(10);
    expect(eleven.annotations).toHaveLength(12);
    const [first, second] = eleven.annotations;
    expect(first?.message).toBe(
      'Cannot show all of 11 problems as annotations: GitHub shows 10 for a step\nTo fix: read the log of this step, which has all of them',
    );
    expect(second?.message).toContain('"Image 0"');
  });

  test('contain the YAML of the missing permission', async () => {
    const { annotations } = await run({ mode: 'sign', images: 'app', digest: 'ab'.repeat(32) });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('\n  permissions:\n    contents: read\n    id-token: write\n'),
    ]);
  });

  test('repeat no secret and execute no command from an input', async () => {
    const evil = 'x\n::set-output name=signed::true\r\n##[set-output name=signed;]true';
    const result = await run({
      mode: evil,
      images: evil,
      digest: evil,
      summary: evil,
      'retry-timeout': evil,
      'registry-password': 'registry-secret',
      'github-token': 'ghs_secret',
    });
    expect(result.masks).toEqual(expect.arrayContaining(['registry-secret', 'ghs_secret']));
    expect(result).toMatchObject({ exit: 1, outputs: {}, leaks: [] });
    expect(
      result.stdout
        .split('\n')
        .filter((line) => !/^::(error title=Countersign::|add-mask::)/.test(line) && line !== ''),
    ).toEqual([]);
  });
});
