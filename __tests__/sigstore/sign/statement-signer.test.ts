// Signed bundles verify, even if the response of a log is lost.
import { readFile } from 'node:fs/promises';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { SignedBundle } from '../../../src/model/bundle.ts';
import type { Statement } from '../../../src/model/statement.ts';
import type { Checked } from '../../../src/model/verdict.ts';
import type { LogIds } from '../../../src/sigstore/sign/rekor-v2.ts';
import { openStatementSigner } from '../../../src/sigstore/sign/statement-signer.ts';
import { problemOf, transportWith } from '../../registry/connect.ts';
import type { BundleJson } from '../../../lab/bundles/bundle-json.ts';
import { startInstance } from '../../../lab/bundles/instance.ts';
import { DIGEST, statementAbout } from '../../../lab/bundles/statement.ts';

const instance = await startInstance();
const { sigstore, oidc, trust } = instance;
const token = await oidc.token('sigstore');
const { sub: subject } = JSON.parse(
  Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
) as { sub: string };
const root = TrustedRoot.fromJSON(JSON.parse(await readFile(trust.trustedRoot, 'utf8')));
const trusted: LogIds = () =>
  Promise.resolve(root.tlogs.flatMap(({ logId }) => (logId ? [logId.keyId] : [])));

beforeEach(() =>
  Promise.all([sigstore.mend(), sigstore.clear(), sigstore.set({ tiles: 'served' })]),
);
afterAll(() => instance.stop());

type Version = 1 | 2;

async function sign(versions: readonly Version[], logIds = trusted): Promise<SignedBundle> {
  const signer = await openStatementSigner({
    holder: { token, subject },
    services: {
      fulcio: sigstore.fulcio,
      logs: versions.map((version) => ({
        url: version === 1 ? sigstore.rekorV1 : sigstore.rekorV2,
        version,
      })),
      timestampAuthorities: [sigstore.tsa],
    },
    logIds,
    transport: transportWith(10_000),
  });
  return signer.sign(statementAbout() as unknown as Statement, [
    { repository: { registry: 'registry.example', path: 'acme/app' }, digest: DIGEST },
  ]);
}

const verify = ({ json }: SignedBundle): Promise<Checked> =>
  instance.verify({ source: 'this step', place: 'here', json }, DIGEST);
const parsed = ({ json }: SignedBundle): BundleJson => JSON.parse(json.toString()) as BundleJson;
/** The requests to each log. */
const posted = async (): Promise<readonly string[]> =>
  (await sigstore.requests())
    .filter(({ server, method }) => server.startsWith('rekor') && method === 'POST')
    .map(({ body }) => body.toString());

test.each<readonly Version[]>([[1], [2], [1, 2]])(
  'signs a bundle that verifies, in Rekor v%d',
  async (...versions) => {
    const bundle = await sign(versions);
    expect(await verify(bundle)).toHaveProperty('verified');
    expect(parsed(bundle).verificationMaterial.tlogEntries).toHaveLength(versions.length);
    expect(bundle.predicateType).toBe('https://sigstore.dev/cosign/sign/v1');
  },
);

describe.each<Version>([1, 2])('a lost response of Rekor v%d', (version) => {
  const server = `rekor-v${version}`;

  test.each([
    ['a closed connection', { reset: true }],
    ['a gateway that times out', { status: 504 }],
    ['a truncated body', { truncate: true }],
  ] as const)('is replaced by the entry in the log: %s', async (_, loss) => {
    await sigstore.fault({ server, path: '', times: 1, action: { ...loss, processed: true } });
    const bundle = await sign([version]);
    expect(await verify(bundle)).toHaveProperty('verified');
    const [first, ...others] = await posted();
    expect(others).toEqual([first]);
  });

  const unreadable = [
    [
      'that does not return the entry',
      async () => sigstore.fault({ server, method: 'GET', path: '', action: { status: 404 } }),
    ],
    [
      'that truncates the entry',
      async () => sigstore.fault({ server, method: 'GET', path: '', action: { body: '{' } }),
    ],
    [
      'that returns too much',
      async () =>
        sigstore.fault({ server, method: 'GET', path: '', action: { body: ' '.repeat(2 << 20) } }),
    ],
  ] as const;

  test.each(unreadable)('leads to another signature in a log %s', async (_, arrange) => {
    await sigstore.fault({ server, path: '', times: 1, action: { reset: true, processed: true } });
    await arrange();
    const bundle = await sign([version]);
    expect(await verify(bundle)).toHaveProperty('verified');
    const [first, second, third, ...others] = await posted();
    expect([second, others]).toEqual([first, []]);
    expect(third).not.toBe(first);
    const certificates = (await sigstore.requests()).filter(({ server: of }) => of === 'fulcio');
    expect(certificates).toHaveLength(1);
  });

  test('leads to another signature only once', async () => {
    await sigstore.fault({
      server,
      method: 'POST',
      path: '',
      action: {
        status: 409,
        headers: { location: 'https://elsewhere.example/x', 'x-log-index': 'x' },
      },
    });
    expect(await problemOf(sign([version]))).toMatchObject({
      kind: 'service',
      code: 'SERVICE_REFUSED',
      message: expect.stringMatching(
        /^Cannot log the signature: POST 127\.0\.0\.1:\d+\/api\/v\d\/log\/entries answered that it already has the entry/,
      ),
    });
    const paths = (await sigstore.requests())
      .filter((request) => request.server === server)
      .map(({ method, path }) => `${method} ${path}`);
    expect(paths).toEqual([paths[0], paths[0]]);
  });
});

test('trusts no tile of an untrusted log', async () => {
  await sigstore.fault({
    server: 'rekor-v2',
    path: '',
    times: 1,
    action: { reset: true, processed: true },
  });
  const bundle = await sign([2], () => Promise.resolve([Buffer.alloc(32)]));
  expect(await verify(bundle)).toHaveProperty('verified');
  expect(new Set(await posted()).size).toBe(2);
});

test('supports a log that is written and read at different addresses', async () => {
  await sigstore.set({ tiles: 'absent' });
  await sigstore.fault({
    server: 'rekor-v2',
    path: '',
    times: 1,
    action: { reset: true, processed: true },
  });
  expect(await verify(await sign([2]))).toHaveProperty('verified');
  expect(new Set(await posted()).size).toBe(2);
});
