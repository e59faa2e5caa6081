// Attestations recorded in GitHub's store.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { attestationStore } from '../../src/github/attestations.ts';
import type { MadeBundle } from '../../src/model/bundle.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Subject } from '../../src/model/subject.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import { githubStore } from '../../src/stores/github.ts';
import { bundleAbout } from '../github/bundle.ts';
import { problemOf, transportWith } from '../registry/connect.ts';
import { startGitHub } from '../../lab/services/start.ts';
import { madeBundle } from './made.ts';

const github = await startGitHub({ tokens: { writer: 'write', reader: 'read' } });
const digest = `sha256:${'ab'.repeat(32)}` as const;
const subject = { repository: { registry: 'ghcr.io', path: 'acme/app' }, digest };
let signatures = 0;
function bundle(
  predicateType = PROVENANCE_TYPE,
  subjects: NonEmpty<Subject> = [subject],
): MadeBundle {
  const signature = String((signatures += 1)).padStart(4, '0');
  const json = Buffer.from(JSON.stringify(bundleAbout(digest, predicateType, signature)));
  return madeBundle({ subjects, predicateType, json });
}
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

test('records each attestation and reports its place', async () => {
  const prepared = await storeWith('writer').prepare([subject], [{ kind: 'provenance' }]);
  const [provenance, sbom] = [bundle(), bundle('https://spdx.dev/Document')];
  expect(await prepared.store([provenance, sbom])).toMatchObject({
    stored: [
      {
        id: provenance.signed.id,
        store: 'github',
        subjects: [subject],
        place: expect.stringMatching(/^attestation \d+ of acme\/app$/),
        attestation: {
          id: expect.stringMatching(/^\d+$/),
          url: expect.stringMatching(/^https:\/\/github\.example\/acme\/app\/attestations\/\d+$/),
        },
      },
      { id: sbom.signed.id },
    ],
    failures: [],
  });
});

test('records once for all repositories with the image and reports it', async () => {
  const copy = { repository: { registry: 'ghcr.io', path: 'acme/copy' }, digest };
  const prepared = await storeWith('writer').prepare([subject, copy], [{ kind: 'provenance' }]);
  const made = bundle(PROVENANCE_TYPE, [subject, copy]);
  const { stored } = await prepared.store([made]);
  expect(stored).toMatchObject([{ id: made.signed.id, subjects: [subject, copy] }]);
});

test('accepts attestations but no signature', async () => {
  const prepared = await storeWith('writer').prepare(
    [subject],
    [{ kind: 'signature', annotations: {} }, { kind: 'provenance' }],
  );
  expect(
    [SIGNATURE_TYPE, PROVENANCE_TYPE, 'https://spdx.dev/Document'].map((type) =>
      prepared.takes(type, 'bundle'),
    ),
  ).toEqual([false, true, true]);
  expect(prepared.takes(PROVENANCE_TYPE, 'layer')).toBe(false);
});

test('reports an unknown id if the response was lost', async () => {
  const prepared = await storeWith('writer').prepare([subject], [{ kind: 'provenance' }]);
  await github.fault({ method: 'POST', path: '', action: { status: 504, processed: true } });
  const made = bundle();
  expect(await prepared.store([made])).toEqual({
    stored: [
      {
        id: made.signed.id,
        store: 'github',
        subjects: [subject],
        place: 'attestations of acme/app, id unknown',
        attestation: { url: 'https://github.example/acme/app/attestations' },
      },
    ],
    failures: [],
  });
});

test('reports two records', async () => {
  const prepared = await storeWith('writer').prepare([subject], [{ kind: 'provenance' }]);
  const same = bundle();
  await prepared.store([same]);
  expect((await prepared.store([same])).stored[0]?.place).toMatch(
    /^attestation \d+ of acme\/app \(listed 2 times\)$/,
  );
});

describe('a failure', () => {
  test('to record one attestation does not affect the others', async () => {
    const prepared = await storeWith('writer').prepare([subject], [{ kind: 'provenance' }]);
    await github.fault({
      method: 'POST',
      path: '/attestations',
      times: 1,
      action: { status: 422 },
    });
    const two = [bundle(), bundle()];
    const { stored, failures } = await prepared.store(two);
    expect([stored.length, failures.map(({ code }) => code)]).toEqual([1, ['SERVICE_REFUSED']]);
    expect(two.map(({ signed }) => signed.id)).toContain(stored[0]?.id);
  });

  test('for a missing permission does not throw, so that bundles in other stores are reported', async () => {
    const prepared = await storeWith('reader').prepare([subject], [{ kind: 'provenance' }]);
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

  test('for a missing token is reported before anything is signed', async () => {
    expect(
      await problemOf(storeWith(undefined).prepare([subject], [{ kind: 'provenance' }])),
    ).toMatchObject({
      kind: 'input',
      code: 'INPUT_MISSING',
      message: 'Cannot record an attestation: "github-token" is empty',
    });
    expect(await github.requests()).toEqual([]);
  });
});
