// Trusted roots from files and through TUF: what is accepted, and what is said about the rest.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { servicesFromTuf } from '../../src/sigstore/signing-config.ts';
import { trustFromFile, trustFromTuf } from '../../src/sigstore/trust.ts';
import { openTuf, type ReadTarget } from '../../src/sigstore/tuf.ts';
import { startTuf, type TufHandle } from '../services/start.ts';
import { type Instance, startInstance } from './signing.ts';

let instance: Instance;
let tuf: TufHandle;
let root: string;

beforeAll(async () => {
  instance = await startInstance();
  const { trustedRoot, signingConfigs } = instance.sigstore;
  tuf = await startTuf({ targets: { 'trusted_root.json': JSON.stringify(trustedRoot), 'signing_config.v0.2.json': JSON.stringify(signingConfigs.rekor2) } });
  root = await tuf.writeRoot();
});
afterAll(async () => {
  await Promise.all([instance.stop(), tuf.stop()]);
});

async function newTuf(): Promise<ReadTarget> {
  return openTuf(await mkdtemp(join(tmpdir(), 'tuf-')), { mirror: tuf.url, root });
}

async function fileWith(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'root-')), 'trusted_root.json');
  await writeFile(file, text);
  return file;
}

describe('a trusted root file', () => {
  it('gives the thresholds of what it names', async () => {
    expect((await trustFromFile(instance.trust.trustedRoot)).thresholds).toEqual({ tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 });
    const json = JSON.parse(await readFile(instance.trust.trustedRoot, 'utf8')) as object;
    const withoutLogs = await fileWith(JSON.stringify({ ...json, tlogs: [], ctlogs: [] }));
    expect((await trustFromFile(withoutLogs)).thresholds).toEqual({ tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 1 });
  });

  it.each<[string, string, RegExp]>([
    ['is not JSON', 'hello', /is not a trusted root/],
    ['is a signing configuration', '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[]}', /is not a trusted root/],
    ['names no authority', '{"certificateAuthorities":[],"tlogs":[],"ctlogs":[],"timestampAuthorities":[]}', /no certificate authority/],
    ['has a log without a start', '{"certificateAuthorities":[],"tlogs":[{"baseUrl":"https://log.example","publicKey":{"rawBytes":"AA=="}}],"ctlogs":[],"timestampAuthorities":[]}', /"https:\/\/log.example" has no validFor.start/],
  ])('that %s is refused', async (_, text, message) => {
    const file = await fileWith(text);
    await expect(trustFromFile(file)).rejects.toMatchObject({ kind: 'input', code: 'INPUT_FILE', message: expect.stringMatching(message) });
  });

  it('that is missing is refused by its path', async () => {
    await expect(trustFromFile('/nowhere/trusted_root.json')).rejects.toMatchObject({ code: 'INPUT_FILE', message: expect.stringContaining('"/nowhere/trusted_root.json": it cannot be read (ENOENT)') });
  });
});

describe('a TUF repository', () => {
  it('gives root and signing configuration with one refresh of its metadata', async () => {
    await tuf.clear();
    const readTarget = await newTuf();
    const [trust, services] = await Promise.all([trustFromTuf(readTarget), servicesFromTuf(readTarget)]);
    expect(trust.material.tlogs).toHaveLength(2);
    expect(services.logs).toEqual([{ url: instance.sigstore.rekorV2, version: 2 }]);
    const asked = (await tuf.requests()).map(({ path }) => path);
    expect(asked.filter((path) => path.includes('timestamp.json'))).toHaveLength(1);
  });

  it.each<[string, Parameters<TufHandle['set']>[0]]>([['that has expired', { timestamp: 'expired' }], ['without the target', { missing: ['trusted_root.json'] }]])('%s gives no trust', async (_, settings) => {
    await tuf.set(settings);
    await expect(trustFromTuf(await newTuf())).rejects.toMatchObject({ kind: 'service', code: 'SERVICE_TRUST', remedy: expect.stringContaining('trusted-root') });
    await tuf.set({ timestamp: 'good', missing: [] });
  });

  it('that signs with other keys gives no trust', async () => {
    const impostor = await startTuf({ targets: { 'trusted_root.json': '{}' } });
    const cache = await mkdtemp(join(tmpdir(), 'tuf-'));
    await expect(trustFromTuf(openTuf(cache, { mirror: impostor.url, root }))).rejects.toMatchObject({ code: 'SERVICE_TRUST' });
    await impostor.stop();
  });
});
