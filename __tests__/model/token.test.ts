// Parses the claims of the identity token without verifying it.
import { expect, test } from '@jest/globals';

import { CLAIM_NAMES, parseToken } from '../../src/model/token.ts';

const claims = Object.fromEntries(CLAIM_NAMES.map((name) => [name, `the ${name}`]));
const tokenOf = (payload: unknown): string =>
  `header.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;

test('the claims that provenance needs are taken, the others left', () => {
  expect(parseToken(tokenOf({ ...claims, aud: 'sigstore', exp: 7 }))).toEqual({ value: claims });
});

test.each(CLAIM_NAMES)('a token without %s is not one of GitHub', (name) => {
  expect(parseToken(tokenOf({ ...claims, [name]: undefined }))).toEqual({
    problem: `it lacks ${name}`,
    remedy: 'sign in a GitHub Actions job',
  });
  expect(parseToken(tokenOf({ ...claims, [name]: 7 }))).toMatchObject({
    problem: `it lacks ${name}`,
  });
});

test.each([
  '',
  'secret',
  'a.secret.c',
  'a..c',
  `a.${Buffer.from('[]').toString('base64url')}.c`,
  `a.${Buffer.from('"secret"').toString('base64url')}.c`,
])('%j is no token, and no message repeats it', (text) => {
  const parsed = parseToken(text);
  expect(parsed).toMatchObject({ problem: 'it is not a JSON Web Token' });
  expect(JSON.stringify(parsed)).not.toContain('secret');
});
