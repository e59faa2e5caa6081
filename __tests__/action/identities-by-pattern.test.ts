// Allowed signers by regular expression.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import { parse, requirementsIn, VERIFY } from './given.ts';
import { GITHUB, inWords, ISSUER } from './identity-words.ts';

describe('identities by pattern', () => {
  const pattern = String.raw`https://github\.com/acme/.*`;
  const issuers = String.raw`https://token\.actions\.githubusercontent\.com(/.*)?`;

  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'identities of the default issuer',
      { 'certificate-identity-regexp': pattern },
      [`certificate-identity a match of ${pattern}`],
    ],
    [
      'identities of an issuer by pattern',
      { 'certificate-identity-regexp': pattern, 'certificate-oidc-issuer-regexp': issuers },
      [`a match of ${issuers} | certificate-identity a match of ${pattern}`],
    ],
    [
      'an exact identity of an issuer by pattern',
      { 'certificate-identity': 'a@b.example', 'certificate-oidc-issuer-regexp': issuers },
      [`a match of ${issuers} | certificate-identity a@b.example`],
    ],
    [
      'a repository whose enterprise has its own issuer',
      { repository: 'acme/app', 'certificate-oidc-issuer-regexp': issuers },
      [
        `a match of ${issuers} | repository ${GITHUB}/acme/app | signer-workflow ${GITHUB}/acme/app/*`,
      ],
    ],
    [
      'several identities of several issuers, as pairs',
      {
        'certificate-identity-regexp': `${pattern}\n[^@]+@acme\\.com`,
        'certificate-oidc-issuer': `${ISSUER}\nhttps://accounts.google.com`,
      },
      [
        `certificate-identity a match of ${pattern}`,
        'https://accounts.google.com | certificate-identity a match of [^@]+@acme\\.com',
      ],
    ],
  ])('are %s', async (_, inputs, identities) => {
    const request = await parse({ ...VERIFY, ...inputs });
    const authorities = request.mode === 'verify' ? requirementsIn(request)[0].anyOf : [];
    const found = authorities.flatMap((each) => (each.kind === 'keyless' ? each.identities : []));
    expect(found.map(inWords)).toEqual(identities);
  });

  test('reject runs for pull requests only if the issuer is GitHub', async () => {
    const request = await parse({
      ...VERIFY,
      'certificate-identity-regexp': `${pattern}\n[^@]+@acme\\.com`,
      'certificate-oidc-issuer': `${ISSUER}\nhttps://accounts.google.com`,
    });
    expect(request).toMatchObject({
      policies: [
        {
          alternatives: [
            {
              requirements: [
                { anyOf: [{ circumstances: [{ name: 'event' }] }, { circumstances: [] }] },
              ],
            },
          ],
        },
      ],
    });
  });
});
