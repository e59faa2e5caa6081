// Accepts a certificate only from a complete response, and only for the key that was sent.
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { type Certified, requestCertificate } from '../../../src/sigstore/sign/fulcio.ts';
import { type Answer, serve, serveInOrder } from '../../../lab/services/loopback.ts';
import { problemOf, transportWith } from '../../registry/connect.ts';
import { startInstance } from '../../../lab/bundles/instance.ts';

const instance = await startInstance();
const token = await instance.oidc.token('sigstore');
const { sub: subject } = JSON.parse(
  Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
) as { sub: string };
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

beforeEach(() => Promise.all([instance.sigstore.mend(), instance.sigstore.clear()]));
afterAll(() => instance.stop());

const requestAll = (fulcio: string, retryTimeout: number): Promise<Certified> =>
  requestCertificate(fulcio, { token, subject }, keys, transportWith(retryTimeout));
const request = async (fulcio = instance.sigstore.fulcio, retryTimeout = 0): Promise<string> =>
  (await requestAll(fulcio, retryTimeout)).certificate;
const chainOf = (...certificates: readonly unknown[]): object => ({
  signedCertificateEmbeddedSct: { chain: { certificates } },
});

const own = await request();

test('is for our key, and names who asked', async () => {
  const certificate = new X509Certificate(await request());
  expect(certificate.checkPrivateKey(keys.privateKey)).toBe(true);
  expect(certificate.subjectAltName).toContain('acme/app/.github/workflows/release.yml');
});

test('comes with the authorities above it', async () => {
  const { certificate, chain } = await requestAll(instance.sigstore.fulcio, 0);
  const [leaf, issuer] = [certificate, ...chain].map((pem) => new X509Certificate(pem));
  expect(leaf?.verify(issuer?.publicKey ?? keys.publicKey)).toBe(true);
});

test('may come with a detached SCT', async () => {
  const server = await serve(() => ({
    status: 201,
    body: JSON.stringify({ signedCertificateDetachedSct: { chain: { certificates: [own] } } }),
  }));
  expect(await request(server.url.origin)).toBe(own);
});

describe('a refusal', () => {
  test.each([400, 401, 403])(
    'of the token is for the one who sets permissions: %d',
    async (status) => {
      await instance.sigstore.fault({ path: '', action: { status, body: `about ${token}` } });
      const problem = await problemOf(request());
      expect(problem).toMatchObject({
        kind: 'permission',
        code: 'PERMISSION_SIGNER',
        message: `Cannot get a signing certificate: POST ${new URL(instance.sigstore.fulcio).host}/api/v2/signingCert answered ${status}`,
      });
      expect(problem.message + problem.remedy).not.toContain(token);
    },
  );

  test.each([404, 405, 422])('of anything else is about the address: %d', async (status) => {
    await instance.sigstore.fault({ path: '', action: { status } });
    expect(await problemOf(request())).toMatchObject({
      kind: 'service',
      code: 'SERVICE_REFUSED',
      message: expect.stringMatching(/^Cannot get a signing .*\/signingCert answered 4\d\d$/),
      remedy: expect.stringContaining('must be a Fulcio'),
    });
  });

  test('is a redirect, which would leak the token', async () => {
    const other = await serve(() => ({}));
    await instance.sigstore.fault({
      path: '',
      action: { status: 307, headers: { location: `${other.url.href}?sig=SECRET` } },
    });
    const problem = await problemOf(request());
    expect(problem).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringMatching(
        /answered 307, a redirect to http:\/\/127\.0\.0\.1:\d+, which is not followed$/,
      ),
    });
    expect(other.asked).toEqual([]);
  });
});

describe('what passes is asked again', () => {
  test.each([
    ['503', { status: 503 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a rate limit dressed as 403', { status: 403, headers: { 'retry-after': '0' } }],
    ['a connection that is closed', { reset: true }],
    ['an answer that is lost', { reset: true, processed: true }],
    ['a body that breaks off', { truncate: true }],
  ] as const)('%s', async (_, action) => {
    await instance.sigstore.fault({ path: '', times: 1, action });
    expect(await request(undefined, 10_000)).toContain('BEGIN CERTIFICATE');
  });

  test('and named when it stays', async () => {
    await instance.sigstore.fault({ path: '', action: { truncate: true } });
    expect(await problemOf(request())).toMatchObject({
      kind: 'service',
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('/api/v2/signingCert failed: '),
      remedy: expect.stringContaining('run the job again'),
    });
  });
});

describe('rejects a response without a complete chain', () => {
  const body = own.split('\n').slice(1, -2).join('\n');
  const texts: readonly (readonly [string, Answer & object])[] = [
    ['a page', { body: '<!doctype html>SECRET' }],
    ['nothing', { body: '' }],
    ['endless nesting', { body: '['.repeat(200_000) }],
    ['204', { status: 204 }],
    ...[
      null,
      [],
      'SECRET',
      {},
      { signedCertificateEmbeddedSct: own },
      { signedCertificateEmbeddedSct: { chain: [own] } },
      { signedCertificateEmbeddedSct: { chain: { certificates: own } } },
      chainOf(),
      chainOf(null),
      chainOf({ toString: 1 }),
      chainOf(own, 'SECRET'),
      chainOf(own.slice(0, -30)),
      chainOf(own + own),
      chainOf(`SECRET\n${own}`),
      chainOf(own.replace(body, 'AAAA')),
      chainOf(own.replaceAll('CERTIFICATE', 'PUBLIC KEY')),
      chainOf(Buffer.from(body, 'base64').toString('latin1')),
    ].map((json) => {
      const text = JSON.stringify(json);
      return [text.slice(0, 90), { body: text }] as const;
    }),
  ];

  test.each(texts)('%s', async (_, answer) => {
    const server = await serve(() => answer);
    const problem = await problemOf(request(server.url.origin));
    expect(problem).toMatchObject({ kind: 'service', code: 'SERVICE_REFUSED' });
    expect(problem.message).toMatch(/answered (200 without a certificate chain|204)$/);
    expect(problem.message + problem.remedy).not.toContain('SECRET');
    expect(server.asked).toHaveLength(1);
  });

  test('a chain that comes with an error is none', async () => {
    const server = await serve(() => ({ status: 404, body: JSON.stringify(chainOf(own)) }));
    expect(await problemOf(request(server.url.origin))).toMatchObject({ code: 'SERVICE_REFUSED' });
  });

  test('a larger answer is not read to its end', async () => {
    const server = await serveInOrder({ body: ' '.repeat(300 << 10) });
    expect(await problemOf(request(server.url.origin))).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('a certificate for another key signs nothing', async () => {
    const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const server = await serve(() => ({ body: JSON.stringify(chainOf(own)) }));
    expect(
      await problemOf(
        requestCertificate(server.url.origin, { token, subject }, others, transportWith(0)),
      ),
    ).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining(
        'answered 200 without a certificate for the key that it was sent',
      ),
    });
  });
});
