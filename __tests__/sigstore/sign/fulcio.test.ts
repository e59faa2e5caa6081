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

test('gets a certificate for its own key with the identity of the requester', async () => {
  const certificate = new X509Certificate(await request());
  expect(certificate.checkPrivateKey(keys.privateKey)).toBe(true);
  expect(certificate.subjectAltName).toContain('acme/app/.github/workflows/release.yml');
});

test('gets a certificate with its intermediate authorities', async () => {
  const { certificate, chain } = await requestAll(instance.sigstore.fulcio, 0);
  const [leaf, issuer] = [certificate, ...chain].map((pem) => new X509Certificate(pem));
  expect(leaf?.verify(issuer?.publicKey ?? keys.publicKey)).toBe(true);
});

test('accepts a detached SCT', async () => {
  const server = await serve(() => ({
    status: 201,
    body: JSON.stringify({ signedCertificateDetachedSct: { chain: { certificates: [own] } } }),
  }));
  expect(await request(server.url.origin)).toBe(own);
});

describe('a rejection by Fulcio', () => {
  test.each([400, 401, 403])('of the token is a permission error: %d', async (status) => {
    await instance.sigstore.fault({ path: '', action: { status, body: `about ${token}` } });
    const problem = await problemOf(request());
    expect(problem).toMatchObject({
      kind: 'permission',
      code: 'PERMISSION_SIGNER',
      message: `Cannot get a signing certificate: POST ${new URL(instance.sigstore.fulcio).host}/api/v2/signingCert answered ${status}`,
    });
    expect(problem.message + problem.remedy).not.toContain(token);
  });

  test.each([404, 405, 422])('of anything else names the address: %d', async (status) => {
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

describe('a transient fault of Fulcio', () => {
  test.each([
    ['503', { status: 503 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a rate limit with status 403', { status: 403, headers: { 'retry-after': '0' } }],
    ['a closed connection', { reset: true }],
    ['a lost response', { reset: true, processed: true }],
    ['a truncated body', { truncate: true }],
  ] as const)('is retried: %s', async (_, action) => {
    await instance.sigstore.fault({ path: '', times: 1, action });
    expect(await request(undefined, 10_000)).toContain('BEGIN CERTIFICATE');
  });

  test('is reported with its name if it persists', async () => {
    await instance.sigstore.fault({ path: '', action: { truncate: true } });
    expect(await problemOf(request())).toMatchObject({
      kind: 'service',
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('/api/v2/signingCert failed: '),
      remedy: expect.stringContaining('run the job again'),
    });
  });
});

describe('a response without a complete chain', () => {
  const body = own.split('\n').slice(1, -2).join('\n');
  const texts: readonly (readonly [string, Answer & object])[] = [
    ['a web page', { body: '<!doctype html>SECRET' }],
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

  test.each(texts)('is rejected: %s', async (_, answer) => {
    const server = await serve(() => answer);
    const problem = await problemOf(request(server.url.origin));
    expect(problem).toMatchObject({ kind: 'service', code: 'SERVICE_REFUSED' });
    expect(problem.message).toMatch(/answered (200 without a certificate chain|204)$/);
    expect(problem.message + problem.remedy).not.toContain('SECRET');
    expect(server.asked).toHaveLength(1);
  });

  test('is rejected if it comes with an error status', async () => {
    const server = await serve(() => ({ status: 404, body: JSON.stringify(chainOf(own)) }));
    expect(await problemOf(request(server.url.origin))).toMatchObject({ code: 'SERVICE_REFUSED' });
  });

  test('is not read beyond the size limit', async () => {
    const server = await serveInOrder({ body: ' '.repeat(300 << 10) });
    expect(await problemOf(request(server.url.origin))).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('is rejected if its certificate is for another key', async () => {
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
