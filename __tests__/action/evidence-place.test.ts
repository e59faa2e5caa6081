// `signature-repository` and COSIGN_REPOSITORY: which one counts, and what is refused.
import { describe, expect, test } from '@jest/globals';

import { parse, problemsOf, SIGN, VERIFY } from './given.ts';

const SIGNATURES = { registry: 'ghcr.io', path: 'acme/signatures' };
const INPUT = { 'signature-repository': 'ghcr.io/acme/signatures' };
const VARIABLE = { cosignRepository: 'docker.io/acme/others' };

describe.each([
  ['sign', SIGN],
  ['verify', VERIFY],
] as const)('to %s', (_, inputs) => {
  test('it is with the image when nothing is set', () => {
    expect(parse(inputs).evidencePlace).toEqual({ kind: 'with-image' });
  });

  test('it is what the input names, whatever the variable says', () => {
    const expected = { kind: 'repository', repository: SIGNATURES };
    expect(parse({ ...inputs, ...INPUT }, VARIABLE).evidencePlace).toEqual(expected);
    expect(parse({ ...inputs, ...INPUT }, { cosignRepository: '@' }).evidencePlace).toEqual(
      expected,
    );
  });

  test('it is what the variable names when there is no input', () => {
    expect(parse(inputs, VARIABLE).evidencePlace).toEqual({
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
  ])('%s is refused', (text, problem, remedy) => {
    const [byInput, ...others] = problemsOf({ ...inputs, 'signature-repository': text });
    expect(others).toEqual([]);
    expect(byInput?.message).toContain(`Cannot use "signature-repository": "${text}" ${problem}`);
    expect(byInput?.remedy).toContain(remedy);
    const [byVariable] = problemsOf(inputs, { cosignRepository: text });
    expect(byVariable?.message).toContain(
      `Cannot use the environment variable COSIGN_REPOSITORY: "${text}" ${problem}`,
    );
    expect(byVariable?.remedy).toMatch(/, or remove COSIGN_REPOSITORY from "env"$/);
  });

  test('credentials of one registry are not for another', () => {
    const login = { 'registry-username': 'u', 'registry-password': 'p' };
    expect(problemsOf({ ...inputs, ...login, ...INPUT })).toEqual([]);
    expect(problemsOf({ ...inputs, ...login }, VARIABLE)).toMatchObject([
      {
        code: 'INPUT_CONFLICT',
        message:
          'Cannot use "registry-username": the signatures are in docker.io, and the images in ghcr.io',
      },
    ]);
  });
});

describe('without the registry among the stores', () => {
  test('the input is a conflict', () => {
    expect(problemsOf({ ...SIGN, ...INPUT, stores: 'github' })).toMatchObject([
      {
        code: 'INPUT_CONFLICT',
        message: 'Cannot use "signature-repository": "stores" does not include "registry"',
      },
    ]);
    expect(problemsOf({ ...SIGN, ...INPUT, stores: 'registry, github' })).toEqual([]);
  });

  test('the variable is not used', () => {
    const environment = { cosignRepository: '@' };
    expect(parse({ ...SIGN, stores: 'github' }, environment).evidencePlace).toEqual({
      kind: 'with-image',
    });
  });
});
