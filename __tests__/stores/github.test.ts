// Attestations recorded in GitHub's store.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { attestationStore } from '../../src/github/attestations.ts';
import type { SignedBundle } from '../../src/model/bundle.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import { githubStore } from '../../src/stores/github.ts';
import { bundleAbout } from '../github/bundle.ts';
import { problemOf, transportWith } from '../registry/connect.ts';
import { startGitHub } from '../../lab/services/start.ts';

const github = await startGitHub({ tokens: { writer: 'write', reader: 'read' } });
const digest = `sha256:${'ab'.repeat(32)}` as const;
const subject = { repository: { registry: 'ghcr.io', path: 'acme/app' }, digest };
let signatures = 0;
const bundle = (predicateType = PROVENANCE_TYPE): SignedBundle => ({
  subjects: [subject],
  predicateType,
  json: Buffer.from(
    JSON.stringify(bundleAbout(digest, predicateType, String((signatures += 1)).padStart(4, '0'))),
  ),
});
const storeWith = (token: string | undefined): ReturnType<typeof githubStore> =>
  githubStore(
    token === undefined
      ? undefined
      : attestationStore({
          apiUrl: github.url,
          token,
          transport: transportWith(0),
          retryTimeout: 0,
        }),
    'acme/app',
    'https://github.example',
  );

beforeEach(async () => {
  await Promise.all([github.clear(), github.mend()]);
});
afterAll(() => github.stop());

test('records each attestation, and says where', async () => {
  const prepared = await storeWith('writer').prepare([subject], ['provenance']);
  expect(await prepared.store([bundle(), bundle('https://spdx.dev/Document')])).toMatchObject({
    stored: [
      {
        store: 'github',
        subject,
        predicateType: PROVENANCE_TYPE,
        place: expect.stringMatching(/^attestation \d+ of acme\/app$/),
        attestation: {
          id: expect.stringMatching(/^\d+$/),
          url: expect.stringMatching(/^https:\/\/github\.example\/acme\/app\/attestations\/\d+$/),
        },
      },
      { predicateType: 'https://spdx.dev/Document' },
    ],
    failures: [],
  });
});

test('takes attestations, and no bare signature', async () => {
  const prepared = await storeWith('writer').prepare([subject], ['signature', 'provenance']);
  expect(
    [SIGNATURE_TYPE, PROVENANCE_TYPE, 'https://spdx.dev/Document'].map((type) =>
      prepared.takes(type),
    ),
  ).toEqual([false, true, true]);
});

test('says what it does not know: an id that was lost on its way', async () => {
  const prepared = await storeWith('writer').prepare([subject], ['provenance']);
  await github.fault({ method: 'POST', path: '', action: { status: 504, processed: true } });
  expect(await prepared.store([bundle()])).toEqual({
    stored: [
      {
        store: 'github',
        subject,
        predicateType: PROVENANCE_TYPE,
        place: 'attestations of acme/app, id unknown',
        attestation: { url: 'https://github.example/acme/app/attestations' },
      },
    ],
    failures: [],
  });
});

test('says when there are two', async () => {
  const prepared = await storeWith('writer').prepare([subject], ['provenance']);
  const same = bundle();
  await prepared.store([same]);
  expect((await prepared.store([same])).stored[0]?.place).toMatch(
    /^attestation \d+ of acme\/app \(listed 2 times\)$/,
  );
});

describe('a failure', () => {
  test('of one takes nothing from the others', async () => {
    const prepared = await storeWith('writer').prepare([subject], ['provenance']);
    await github.fault({
      method: 'POST',
      path: '/attestations',
      times: 1,
      action: { status: 422 },
    });
    const { stored, failures } = await prepared.store([bundle(), bundle()]);
    expect([stored.length, failures.map(({ code }) => code)]).toEqual([1, ['SERVICE_REFUSED']]);
  });

  test('for a missing permission does not throw: bundles in other stores must be reported', async () => {
    const prepared = await storeWith('reader').prepare([subject], ['provenance']);
    expect(await prepared.store([bundle()])).toMatchObject({
      stored: [],
      failures: [
        {
          code: 'PERMISSION_ATTESTATIONS',
          remedy: expect.stringContaining('"permissions: attestations: write"'),
        },
      ],
    });
  });

  test('for want of a token is known before anything is signed', async () => {
    expect(await problemOf(storeWith(undefined).prepare([subject], ['provenance']))).toMatchObject({
      kind: 'input',
      code: 'INPUT_MISSING',
      message: 'Cannot record an attestation: "github-token" is empty',
    });
    expect(await github.requests()).toEqual([]);
  });
});
