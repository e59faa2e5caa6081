// Trusted roots from files and through TUF: which instance vouches for what, and what is said when there is none.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from '../../src/http.ts';
import type { TufRepository } from '../../src/sigstore/instances.ts';
import { servicesFromTuf } from '../../src/sigstore/signing-config.ts';
import { trustOf, type TrustStore } from '../../src/sigstore/trust.ts';
import { trustFromFile } from '../../src/sigstore/trust-file.ts';
import { trustFromTuf } from '../../src/sigstore/trust-tuf.ts';
import { openTuf, type ReadTarget } from '../../src/sigstore/tuf.ts';
import { createVerifier } from '../../src/sigstore/verifier.ts';
import { startTuf, type TufHandle } from '../services/start.ts';
import { DIGEST, type Instance, makeBundle, startInstance } from './signing.ts';

const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });
let own: Instance;
let github: Instance;
let tuf: TufHandle;
let githubTuf: TufHandle;

beforeAll(async () => {
  [own, github] = await Promise.all([startInstance(), startInstance({ organization: 'GitHub, Inc.', sct: 'none' })]);
  const { trustedRoot, signingConfigs } = own.sigstore;
  [tuf, githubTuf] = await Promise.all([
    startTuf({ targets: { 'trusted_root.json': JSON.stringify(trustedRoot), 'signing_config.v0.2.json': JSON.stringify(signingConfigs.rekor2) } }),
    startTuf({ targets: { 'trusted_root.json': JSON.stringify(withoutLogs(github.sigstore.trustedRoot)) } }),
  ]);
});
afterAll(async () => {
  await Promise.all([own.stop(), github.stop(), tuf.stop(), githubTuf.stop()]);
});

/** GitHub's instance keeps no log and no certificate log, and its certificates carry no word of one. */
function withoutLogs(trustedRoot: object): object {
  return { ...trustedRoot, tlogs: [], ctlogs: [] };
}

async function newCache(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tuf-'));
}

function firstRootOf({ rootJson }: TufHandle): TufRepository['firstRoot'] {
  return { version: 1, sha256: createHash('sha256').update(JSON.stringify(JSON.parse(rootJson))).digest('hex') };
}

async function open(repository: TufHandle): Promise<ReadTarget> {
  return openTuf(await newCache(), { mirror: repository.url, firstRoot: firstRootOf(repository) }, transport);
}

const never: ReadTarget = (name) => Promise.reject(new Error(`asked for ${name}`));

async function fileWith(text: string): Promise<string> {
  const file = join(await newCache(), 'trusted_root.json');
  await writeFile(file, text);
  return file;
}

async function verdictOf(trust: TrustStore, instance: Instance, log: 'v2' | 'none' = 'v2'): Promise<string> {
  const json = Buffer.from(JSON.stringify(await makeBundle(instance, { log })));
  const checked = await createVerifier(trust)({ source: 'registry', place: 'here', json }, DIGEST);
  return 'verified' in checked ? 'verified' : checked.rejected.code;
}

describe('a trusted root', () => {
  it('asks for a witness of each kind that it names', async () => {
    const json = JSON.parse(await readFile(own.trust.trustedRoot, 'utf8')) as object;
    expect(trustOf(json).thresholds).toEqual({ tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 });
    expect(trustOf(withoutLogs(json)).thresholds).toEqual({ tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 1 });
  });
});

describe('a trusted root file', () => {
  it('of several lines trusts each instance for what that instance has issued, with its own thresholds', async () => {
    const trust = await trustFromFile(await fileWith(`${JSON.stringify(own.sigstore.trustedRoot)}\n${JSON.stringify(withoutLogs(github.sigstore.trustedRoot))}\n`));
    expect([await verdictOf(trust, own), await verdictOf(trust, github, 'none')]).toEqual(['verified', 'verified']);
    expect(await verdictOf(trust, own, 'none')).toBe('TRANSPARENCY_LOG');
  });

  it('tries every line that names the authority', async () => {
    const stale = { ...own.sigstore.trustedRoot, timestampAuthorities: (github.sigstore.trustedRoot as { timestampAuthorities: object[] }).timestampAuthorities };
    const trust = await trustFromFile(await fileWith(`${JSON.stringify(stale)}\n${JSON.stringify(own.sigstore.trustedRoot)}\n`));
    expect(await verdictOf(trust, own)).toBe('verified');
  });

  it.each<[string, string, RegExp]>([
    ['is empty', '', /is not a trusted root/],
    ['is not JSON', 'hello', /is not a trusted root/],
    ['is a signing configuration', '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[]}', /is not a trusted root/],
    ['has a line that is none', '{"certificateAuthorities":[]}\nhello\n', /no certificate authority|is not a trusted root/],
    ['names no authority', '{"certificateAuthorities":[],"tlogs":[],"ctlogs":[],"timestampAuthorities":[]}', /no certificate authority/],
    ['has a log without a start', '{"certificateAuthorities":[],"tlogs":[{"baseUrl":"https://log.example","publicKey":{"rawBytes":"AA=="}}],"ctlogs":[],"timestampAuthorities":[]}', /"https:\/\/log.example" has no validFor.start/],
  ])('that %s is refused', async (_, text, message) => {
    await expect(trustFromFile(await fileWith(text))).rejects.toMatchObject({ kind: 'input', code: 'INPUT_FILE', message: expect.stringMatching(message) });
  });

  it.each([['missing', '/nowhere/trusted_root.json', 'ENOENT'], ['a directory', tmpdir(), 'EISDIR']])('that is %s is refused by its path', async (_, path, code) => {
    await expect(trustFromFile(path)).rejects.toMatchObject({ code: 'INPUT_FILE', message: expect.stringContaining(`"${path}": it cannot be read (${code})`) });
  });
});

describe('through TUF', () => {
  it('the public-good instance is trusted, and gives its signing configuration too', async () => {
    const publicGood = await open(tuf);
    expect((await servicesFromTuf(publicGood)).logs).toEqual([{ url: own.sigstore.rekorV2, version: 2 }]);
    expect(await verdictOf(trustFromTuf({ publicGood, github: never }), own)).toBe('verified');
  });

  it('the instance of GitHub is asked only when a certificate names it', async () => {
    await githubTuf.clear();
    const trust = trustFromTuf({ publicGood: await open(tuf), github: await open(githubTuf) });
    expect(await verdictOf(trust, own)).toBe('verified');
    expect(await githubTuf.requests()).toEqual([]);
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
  });

  it('the instance of GitHub does not vouch for others with its thresholds', async () => {
    const trust = trustFromTuf({ publicGood: await open(tuf), github: await open(githubTuf) });
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
    expect(await verdictOf(trust, own, 'none')).toBe('TRANSPARENCY_LOG');
  });

  it('what is no trusted root is none', async () => {
    const trust = trustFromTuf({ publicGood: () => Promise.resolve('{"caUrls":[]}'), github: never });
    await expect(trust.all()).rejects.toMatchObject({ kind: 'service', code: 'SERVICE_TRUST', message: expect.stringMatching(/^Cannot use the trusted root that came through TUF: /) });
  });
});
