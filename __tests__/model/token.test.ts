// Parses the claims of the identity token without verifying it.
import { expect, test } from '@jest/globals';

import { CLAIM_NAMES, parseToken } from '../../src/model/token.ts';

const claims = Object.fromEntries(CLAIM_NAMES.map((name) => [name, `the ${name}`]));
const tokenOf = (payload: unknown): string =>
  `header.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;

test('reads the claims for provenance and ignores others', () => {
  expect(parseToken(tokenOf({ ...claims, aud: 'sigstore', exp: 7 }))).toEqual({ value: claims });
});

test.each(CLAIM_NAMES)('rejects a token without %s', (name) => {
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
])('rejects %j as a token without repeating it', (text) => {
  const parsed = parseToken(text);
  expect(parsed).toMatchObject({ problem: 'it is not a JSON Web Token' });
  expect(JSON.stringify(parsed)).not.toContain('secret');
});
