// Without a fresh and correctly signed trusted root, nothing is accepted, rejected or signed: the step reports what failed, and there is no fallback to older metadata.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { type Answer, serveTls } from '../../lab/services/loopback.ts';
import { startTuf } from '../../lab/services/start.ts';
import { signAndAttach } from './attach.ts';
import { startProxy } from '../../lab/services/proxy.ts';
import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const HOST = 'tuf-repo-cdn.sigstore.dev';
const [world, tuf] = [await startWorld(), await startTuf()];
const image = await world.push('acme/app');
await signAndAttach(world, image);

let answers: Answer[] = [];
const mirror = await serveTls(
  () => (answers.length > 1 ? answers.shift() : answers[0]) ?? 'hang',
  HOST,
);
const ca = join(await mkdtemp(join(tmpdir(), 'ca-')), 'ca.pem');
await writeFile(ca, mirror.authority);
let isOpen = true;
const proxy = await startProxy((host) => {
  if (host !== `${HOST}:443`) return host;
  return isOpen ? mirror.url.host : undefined;
});
const trusting = { ...proxy.env, NODE_EXTRA_CA_CERTS: ca };

beforeEach(() => world.forget());
afterAll(() => Promise.all([world.stop(), tuf.stop(), proxy.stop()]));

const faults: readonly (readonly [string, readonly Answer[], RegExp])[] = [
  [
    'is overloaded',
    [{ status: 503 }],
    /answered 503 \(attempt 1( after \d+ s)?\)\nTo fix: run the job again later, or raise "retry-timeout"; or use files instead of TUF: "trusted-root"/,
  ],
  [
    'closes connections',
    ['reset'],
    /Cannot reach "tuf-repo-cdn\.sigstore\.dev": GET .* failed: \S+/,
  ],
  ['has no metadata', [{ status: 404 }], /16\.root\.json answered 404/],
  ['returns a web page', [{ body: '<!doctype html>' }], /its root metadata 16 is not JSON/],
  [
    'starts with a root that has another digest',
    [{ body: tuf.rootJson }],
    /its root metadata 16 does not have the pinned digest/,
  ],
];

describe.each(entries)('gate run from %s', (entry) => {
  test.each(faults)('is inconclusive if the TUF repository %s', async (_, given, message) => {
    answers = [...given];
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'verify', images: image.reference, 'trusted-root': '', 'retry-timeout': '0s' },
      { env: trusting },
    );
    expect({
      exit,
      verdict: outputs['verdict'],
      verified: outputs['verified'],
      image: outputs['image'],
    }).toEqual({ exit: 1, verdict: 'inconclusive', verified: 'false', image: undefined });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      /^Cannot verify ".*": inconclusive\. Cannot get "trusted_root\.json" from the TUF repository https:\/\/tuf-repo-cdn\.sigstore\.dev: /,
    );
    expect(annotations[0]?.message).toMatch(message);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        verdict: 'inconclusive',
        evidence: [],
        failures: [{ kind: 'service', code: 'SERVICE_TRUST' }],
      },
    ]);
  });

  test('is inconclusive if the proxy rejects the TUF repository', async () => {
    isOpen = false;
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'verify', images: image.reference, 'trusted-root': '', 'retry-timeout': '0s' },
      { env: trusting },
    );
    isOpen = true;
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /16\.root\.json answered 403 from the proxy \(attempt 1( after \d+ s)?\)\nTo fix: check the address, and that this runner can connect to tuf-repo-cdn\.sigstore\.dev; or use files instead of TUF: "trusted-root"/,
    );
  });

  test('is inconclusive if the TUF repository has an untrusted TLS certificate', async () => {
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'verify', images: image.reference, 'trusted-root': '', 'retry-timeout': '0s' },
      { env: proxy.env },
    );
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /\nTo fix: trust the CA that issued the certificate of tuf-repo-cdn\.sigstore\.dev: set NODE_EXTRA_CA_CERTS/,
    );
  });

  test('retries a transient fault of the TUF repository and logs the retry', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '0' } }, { status: 404 }];
    const { log, annotations } = await world.run(
      entry,
      { mode: 'verify', images: image.reference, 'trusted-root': '', 'retry-timeout': '5s' },
      { env: trusting },
    );
    expect(log).toMatch(
      /^GET tuf-repo-cdn\.sigstore\.dev\/16\.root\.json answered 503, attempt 2 in 0\.\d s$/m,
    );
    expect(annotations[0]?.message).toMatch(/answered 404/);
  });

  test('signs nothing if the TUF repository fails', async () => {
    answers = [{ status: 503 }];
    const { exit, outputs, annotations } = await world.run(
      entry,
      {
        mode: 'sign',
        images: image.reference,
        sigstore: 'public-good',
        'trusted-root': '',
        'retry-timeout': '0s',
      },
      { env: trusting },
    );
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 1, signed: 'false' });
    expect(annotations.map(({ message }) => message).join('\n')).toMatch(
      /from the TUF repository .* answered 503/,
    );
    expect([await asked(world.sigstore), await manifestsWritten(world.registry)]).toEqual([[], []]);
  });

  test('requests no root from another host', () => {
    expect(proxy.asked().filter((host) => !host.startsWith('127.0.0.1:'))).toEqual([`${HOST}:443`]);
  });
});
