// What the embedded Fulcio issues, and what it must reject like the real one.
import { X509Certificate, generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, beforeEach, expect, test } from '@jest/globals';

import { startOidc, startSigstore } from './start.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const oidc = await startOidc({ issuer: ISSUER });
const sigstore = await startSigstore({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();

beforeEach(() => oidc.set({ issuer: ISSUER, expiresIn: 300, signature: 'good' }));
afterAll(() => Promise.all([oidc.stop(), sigstore.stop()]));

interface Answered {
  readonly status: number;
  readonly text: string;
}

async function request(
  token: string,
  challenge = 'repo:acme/app:ref:refs/heads/main',
  content = pem,
): Promise<Answered> {
  const proofOfPossession = sign('sha256', Buffer.from(challenge), privateKey).toString('base64');
  const body = JSON.stringify({
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content }, proofOfPossession },
  });
  const response = await fetch(`${sigstore.fulcio}/api/v2/signingCert`, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
}

test('issues a leaf with intermediate and root', async () => {
  const { status, text } = await request(await oidc.token('sigstore'));
  const answer = JSON.parse(text) as {
    signedCertificateEmbeddedSct: { chain: { certificates: string[] } };
  };
  const chain = answer.signedCertificateEmbeddedSct.chain.certificates.map(
    (certificate) => new X509Certificate(certificate),
  );
  expect(status).toBe(200);
  expect(chain.map(({ ca }) => ca)).toEqual([false, true, true]);
  expect(chain[0]?.publicKey.equals(publicKey)).toBe(true);
  const signedByNext = chain.map((certificate, index) =>
    certificate.verify((chain[index + 1] ?? certificate).publicKey),
  );
  expect(signedByNext).toEqual([true, true, true]);
});

test.each([
  ['an unknown issuer', { issuer: 'https://evil.example' }, 'sigstore', 'is not configured'],
  ['a foreign signature', { signature: 'foreign' }, 'sigstore', 'signature does not verify'],
  ['another audience', {}, 'nobody', 'audience is nobody'],
  ['an expired token', { expiresIn: -1 }, 'sigstore', 'token is expired'],
] as const)('rejects %s', async (_what, settings, audience, reason) => {
  await oidc.set(settings);
  const { status, text } = await request(await oidc.token(audience));
  expect(status).toBe(401);
  expect(text).toContain('There was an error processing the identity token');
  expect(text).toContain(reason);
});

test('rejects text that is not a token, without repeating it', async () => {
  const { status, text } = await request('not-a-token');
  expect(status).toBe(401);
  expect(text).not.toContain('not-a-token');
});

test('rejects a proof of possession over another subject and an invalid key', async () => {
  const token = await oidc.token('sigstore');
  const wrongSubject = await request(token, 'repo:evil/app');
  const wrongKey = await request(token, undefined, 'no key');
  expect([wrongSubject.status, wrongSubject.text]).toEqual([
    400,
    expect.stringContaining('could not be verified'),
  ]);
  expect([wrongKey.status, wrongKey.text]).toEqual([
    400,
    expect.stringContaining('could not be parsed'),
  ]);
});

test('has a token endpoint that requires the runner’s token', async () => {
  const response = await fetch(oidc.env.ACTIONS_ID_TOKEN_REQUEST_URL, {
    headers: { Authorization: 'Bearer wrong' },
  });
  expect(response.status).toBe(401);
});
