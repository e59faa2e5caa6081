// Inputs that action.yml does not declare: detected by name, rejected in both modes, and never printed with their value.
import { describe, expect, test } from '@jest/globals';

import { INPUTS } from '../../src/action/inputs.ts';
import { undeclaredInputs } from '../../src/action/undeclared.ts';
import { problemsOf, SIGN, VERIFY } from './given.ts';

test('finds variables of inputs that action.yml does not declare', () => {
  const declared = Object.keys(INPUTS).map((name) => [`INPUT_${name.toUpperCase()}`, 'x']);
  const env = {
    ...(Object.fromEntries(declared) as Record<string, string>),
    INPUT_SIGNER_WORKFLOW: 'x',
    INPUT_REPO: '',
    GITHUB_TOKEN: 'x',
    MY_INPUT_REPO: 'x',
  };
  expect(undeclaredInputs(env)).toEqual(['repo', 'signer_workflow']);
});

describe.each([
  ['sign', SIGN],
  ['verify', VERIFY],
])('undeclared inputs in mode %s', (_, inputs) => {
  test.each([
    ['signer_workflow', 'did you mean "signer-workflow"?'],
    ['certificate_oidc_issuer', 'did you mean "certificate-oidc-issuer"?'],
    ['requires', 'did you mean "require"?'],
    ['image', 'did you mean "images"?'],
    ['repositories', 'did you mean "repository"?'],
    ['oidc_issuer', 'did you mean "certificate-oidc-issuer"?'],
    ['repo', 'did you mean "repository"?'],
    ['identity', 'did you mean "certificate-identity"?'],
    ['cert-identity', 'did you mean "certificate-identity"?'],
    ['certificate-identity-regex', 'did you mean "certificate-identity-regexp"?'],
    ['token', 'did you mean "github-token"?'],
    ['deny-self-hosted-runner', 'did you mean "deny-self-hosted-runners"?'],
    ['x', 'remove it from "with", or rename the variable INPUT_X if "env" sets it'],
    ['something_else', 'remove it from "with", or rename the variable INPUT_SOMETHING_ELSE'],
  ])('rejects %s', async (name, remedy) =>
    expect(await problemsOf(inputs, { undeclaredInputs: [name] })).toEqual([
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: `Cannot use "${name}": this action has no such input`,
        remedy: expect.stringContaining(remedy),
      }),
    ]),
  );
});
