// `signature-repository` and COSIGN_REPOSITORY: which one applies, and what is rejected.
import { describe, expect, test } from '@jest/globals';

import { parse, problemsOf, SIGN, VERIFY } from './given.ts';

const SIGNATURES = { registry: 'ghcr.io', path: 'acme/signatures' };
const INPUT = { 'signature-repository': 'ghcr.io/acme/signatures' };
const VARIABLE = { cosignRepository: 'docker.io/acme/others' };

describe.each([
  ['sign', SIGN],
  ['verify', VERIFY],
] as const)('the repository for signatures, for mode %s', (_, inputs) => {
  test('is the repository of the image by default', async () => {
    expect((await parse(inputs)).evidencePlace).toEqual({ kind: 'with-image' });
  });

  test('is the one in the input, regardless of the variable', async () => {
    const expected = { kind: 'repository', repository: SIGNATURES };
    expect((await parse({ ...inputs, ...INPUT }, VARIABLE)).evidencePlace).toEqual(expected);
    expect((await parse({ ...inputs, ...INPUT }, { cosignRepository: '@' })).evidencePlace).toEqual(
      expected,
    );
  });

  test('is the one in the variable if there is no input', async () => {
    expect((await parse(inputs, VARIABLE)).evidencePlace).toEqual({
      kind: 'repository',
      repository: { registry: 'docker.io', path: 'acme/others' },
    });
  });

  test.each([
    [
      'ghcr.io/acme/signatures:v1',
      'has a tag',
      'write the repository alone: ghcr.io/acme/signatures',
    ],
    [
      `ghcr.io/acme/signatures@sha256:${'ab'.repeat(32)}`,
      'has a digest',
      'write the repository alone: ghcr.io/acme/signatures',
    ],
    ['quay.io/acme/Signatures', 'has upper-case letters', 'write "quay.io/acme/signatures"'],
  ])('is not allowed to be %s', async (text, problem, remedy) => {
    const [byInput, ...others] = await problemsOf({ ...inputs, 'signature-repository': text });
    expect(others).toEqual([]);
    expect(byInput?.message).toContain(`Cannot use "signature-repository": "${text}" ${problem}`);
    expect(byInput?.remedy).toContain(remedy);
    const [byVariable] = await problemsOf(inputs, { cosignRepository: text });
    expect(byVariable?.message).toContain(
      `Cannot use the environment variable COSIGN_REPOSITORY: "${text}" ${problem}`,
    );
    expect(byVariable?.remedy).toMatch(/, or remove COSIGN_REPOSITORY from "env"$/);
  });

  test('does not get credentials that are for another registry', async () => {
    const login = { 'registry-username': 'u', 'registry-password': 'p' };
    expect(await problemsOf({ ...inputs, ...login, ...INPUT })).toEqual([]);
    expect(await problemsOf({ ...inputs, ...login }, VARIABLE)).toMatchObject([
      {
        code: 'INPUT_CONFLICT',
        message:
          'Cannot use "registry-username": the signatures are in docker.io, and the images in ghcr.io',
      },
    ]);
  });
});

describe('the repository for signatures without the registry as a store', () => {
  test('reports the input as a conflict', async () => {
    expect(await problemsOf({ ...SIGN, ...INPUT, stores: 'github' })).toMatchObject([
      {
        code: 'INPUT_CONFLICT',
        message: 'Cannot use "signature-repository": "stores" does not include "registry"',
      },
    ]);
    expect(await problemsOf({ ...SIGN, ...INPUT, stores: 'registry, github' })).toEqual([]);
  });

  test('ignores the variable', async () => {
    const environment = { cosignRepository: '@' };
    expect((await parse({ ...SIGN, stores: 'github' }, environment)).evidencePlace).toEqual({
      kind: 'with-image',
    });
  });
});
