// A TUF repository over HTTP, valid or not: its newest metadata, verified in each step, or an error that says what failed.
import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from '../../../src/http/transport.ts';
import type { TufRepository } from '../../../src/sigstore/trust/instances.ts';
import { openTuf, type ReadTarget } from '../../../src/sigstore/trust/tuf.ts';
import { CLOSED_PORT } from '../../../lab/services/loopback.ts';
import { type Fault, startTuf } from '../../../lab/services/start.ts';

const TARGET = 'trusted_root.json';
const [tuf, other] = await Promise.all([
  startTuf({ targets: { [TARGET]: 'the root' } }),
  startTuf(),
]);
const pin = sha256Of(tuf.rootJson);
let temp: string;

beforeEach(async () => {
  await Promise.all([
    tuf.mend(),
    tuf.set({ targets: { [TARGET]: 'the root' }, timestamp: 'good', missing: [] }),
  ]);
  await tuf.clear();
  temp = await mkdtemp(join(tmpdir(), 'tuf-'));
});
afterAll(() => Promise.all([tuf.stop(), other.stop()]));

/** Each step of a job starts with its own client. */
function step({
  mirror = tuf.url,
  firstRoot = { version: 1, sha256: pin },
  retryTimeout = 0,
}: Partial<TufRepository> & { readonly retryTimeout?: number } = {}): ReadTarget {
  return openTuf(
    temp,
    { mirror, firstRoot },
    createTransport({ retryTimeout, onRetry: () => undefined }),
  );
}

function sha256Of(rootJson: string): string {
  return createHash('sha256')
    .update(JSON.stringify(JSON.parse(rootJson)))
    .digest('hex');
}

async function asked(): Promise<readonly string[]> {
  return (await tuf.requests()).map(({ path }) =>
    path.replace(/[0-9a-f]{64}/, 'HASH').replace(/\d+\.([st])/, 'N.$1'),
  );
}

async function expectNoTrust(
  reading: Promise<string>,
  message: RegExp,
  remedy = /./,
): Promise<void> {
  await expect(reading).rejects.toMatchObject({
    kind: 'service',
    code: 'SERVICE_TRUST',
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  });
}

describe('a TUF client', () => {
  const CHAIN = [
    '/1.root.json',
    '/2.root.json',
    '/timestamp.json',
    '/N.snapshot.json',
    '/N.targets.json',
    '/targets/HASH.trusted_root.json',
  ];

  it('reads the whole chain once in each step', async () => {
    const read = step();
    expect([await read(TARGET), await read(TARGET)]).toEqual(['the root', 'the root']);
    expect([...new Set(await asked())]).toEqual(CHAIN);
  });

  it('ignores files that an earlier step left', async () => {
    await step()(TARGET);
    await tuf.clear();
    expect(await step()(TARGET)).toBe('the root');
    expect(await asked()).toEqual(CHAIN);
    await tuf.set({ timestamp: 'expired' });
    await expectNoTrust(step()(TARGET), /timestamp\.json is expired/);
  });

  it('works if the folder of the job is not writable', async () => {
    temp = join(temp, 'missing');
    expect(await step()(TARGET)).toBe('the root');
  });

  it('retries a transient fault within the retry budget of the step', async () => {
    await tuf.fault({
      path: 'timestamp',
      times: 1,
      action: { status: 503, headers: { 'retry-after': '0' } },
    });
    expect(await step({ retryTimeout: 10_000 })(TARGET)).toBe('the root');
  });
});

describe('an invalid TUF repository', () => {
  it.each<[string, Fault, RegExp, RegExp]>([
    [
      'that answers 503',
      { path: '', action: { status: 503 } },
      /Cannot reach "127\.0\.0\.1:\d+": GET \S+\/1\.root\.json answered 503/,
      /raise "retry-timeout"; or use files instead of TUF: "trusted-root"/,
    ],
    [
      'that closes connections',
      { path: 'timestamp', action: { reset: true } },
      /GET \S+\/timestamp\.json failed: /,
      /"trusted-root"/,
    ],
    [
      'whose snapshot answers 503',
      { path: 'snapshot', action: { status: 503 } },
      /GET \S+\.snapshot\.json answered 503/,
      /"trusted-root"/,
    ],
    [
      'without a timestamp',
      { path: 'timestamp', action: { status: 404 } },
      /timestamp\.json answered 404/,
      /"trusted-root"/,
    ],
    [
      'that returns web pages',
      { path: '', action: { status: 200, body: '<!doctype html>' } },
      /its root metadata 1 is not JSON/,
      /"trusted-root"/,
    ],
    [
      'that changes a bit of its target',
      { path: '/targets/', action: { corrupt: true } },
      /hash|length/i,
      /"trusted-root"/,
    ],
    [
      'with metadata of another size',
      { path: 'timestamp', action: { status: 200, body: ' '.repeat(20_000) } },
      /length/i,
      /"trusted-root"/,
    ],
  ])('is not trusted: one %s', async (_, fault, message, remedy) => {
    await tuf.fault(fault);
    await expectNoTrust(step()(TARGET), message, remedy);
  });

  it.each<[string, Parameters<typeof tuf.set>[0], RegExp]>([
    ['that has expired', { timestamp: 'expired' }, /timestamp\.json is expired/],
    ['with a foreign signature', { timestamp: 'forged' }, /timestamp was signed by 0\/1 keys/],
    [
      'that lists the target but does not have it',
      { missing: [TARGET] },
      /trusted_root\.json answered 404/,
    ],
    ['that does not list the target', { targets: {} }, /it has no such target/],
  ])('is not trusted: one %s', async (_, settings, message) => {
    await tuf.set(settings);
    await expectNoTrust(step()(TARGET), message);
  });

  it('is not trusted: one that does not exist', async () => {
    await expectNoTrust(
      step({ mirror: `http://127.0.0.1:${CLOSED_PORT}` })(TARGET),
      /^Cannot get "trusted_root\.json" from the TUF repository http:\S+: Cannot reach "127.* failed: ECONNREFUSED/,
      /this runner can connect to 127.*; or use files instead of TUF/,
    );
  });

  it('is not trusted: one with another first root than the pinned one', async () => {
    await expectNoTrust(
      step({ mirror: other.url })(TARGET),
      /its root metadata 1 does not have the pinned digest/,
    );
  });
});
