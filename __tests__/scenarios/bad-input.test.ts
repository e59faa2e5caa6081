// Input problems are reported at once, each with a remedy, before any request.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, sampled, startWorld } from './world.ts';
import { badGateInputs } from './bad-gate-inputs.ts';
import { badSigningInputs, sign } from './bad-signing-inputs.ts';

const world = await startWorld();

beforeAll(() => world.forget());
afterAll(() => world.stop());

const bad = [...badSigningInputs(world), ...badGateInputs(world)];

describe.each(entries)('step run from %s', (entry) => {
  test.each(sampled(bad))('%s', async (_what, inputs, message, remedy) => {
    const { exit, outputs, annotations, summary } = await world.run(entry, inputs);
    expect({ exit, summary }).toEqual({ exit: 1, summary: '' });
    expect(annotations).toHaveLength(1);
    const [said = '', fix = ''] = annotations[0]?.message.split('\nTo fix: ') ?? [];
    expect(said).toMatch(message);
    expect(fix).toMatch(remedy);
    if (inputs['mode'] === 'sign') expect(outputs).toEqual({ signed: 'false' });
    if (inputs['mode'] === 'verify')
      expect(outputs).toMatchObject({ verified: 'false', verdict: 'inconclusive' });
  });

  test('reports all problems in one message', async () => {
    const { exit, annotations } = await world.run(
      entry,
      {
        mode: 'sign',
        images: 'ghcr.io/acme/app:v1\nregistry.example/Acme/App\n/nothing',
        stores: 's3',
        repository: 'acme/app',
        'registry-password': 'half',
        'retry-timeout': 'soon',
        summary: 'maybe',
      },
      {
        env: { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined },
        secrets: ['half'],
      },
    );
    expect(exit).toBe(1);
    const wanted = [
      /"repository" with "mode: sign"/,
      /"registry.example\/Acme\/App" has upper-case/,
      /"\/nothing"/,
      /"ghcr.io\/acme\/app:v1": it has no digest/,
      /"registry-password" without/,
      /"summary": "maybe"/,
      /"retry-timeout": "soon"/,
      /not allowed to request an identity token/,
      /"stores": "s3"/,
    ];
    expect(annotations).toHaveLength(wanted.length);
    for (const problem of wanted)
      expect(annotations.filter(({ message }) => problem.test(message))).toHaveLength(1);
  });
});

test.each(entries)(
  'reports every unreadable file of a signing step in one message, from %s',
  async (entry) => {
    const { exit, annotations } = await world.run(entry, {
      ...sign,
      key: 'missing.pem',
      sigstore: 'missing-config.json',
      'trusted-root': 'missing-root.json',
    });
    expect(exit).toBe(1);
    const messages = annotations.map(({ message }) => message).sort();
    expect(messages).toEqual([
      expect.stringMatching(/^Cannot sign with the private key .* it does not exist/),
      expect.stringContaining('missing-root.json'),
      expect.stringContaining('missing-config.json'),
    ]);
  },
);

test('sends no request for invalid inputs', async () => {
  expect(await counted(world)).toEqual({});
});
