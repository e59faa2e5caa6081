// Trusted roots from files and from TUF: which instance is trusted for what, and the errors if there is none.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FoundBundle } from '../../../src/model/bundle.ts';
import { createTransport } from '../../../src/http/transport.ts';
import type { TufRepository } from '../../../src/sigstore/trust/instances.ts';
import { servicesFromTuf } from '../../../src/sigstore/sign/signing-config.ts';
import { trustOf, type TrustStore } from '../../../src/sigstore/trust/trust.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import {
  targetsOfTenant,
  trustFromTuf,
  trustOfGitHub,
} from '../../../src/sigstore/trust/trust-tuf.ts';
import { openTuf, type ReadTarget } from '../../../src/sigstore/trust/tuf.ts';
import { byCertificates } from '../../../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { startTuf, type TufHandle } from '../../../lab/services/start.ts';
import { toBytes } from '../../../lab/bundles/bundle-json.ts';
import { type Instance, startInstance } from '../../../lab/bundles/instance.ts';
import { makeBundle } from '../../../lab/bundles/signing.ts';
import { DIGEST } from '../../../lab/bundles/statement.ts';

const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });
let own: Instance;
let github: Instance;
let tuf: TufHandle;
let githubTuf: TufHandle;

beforeAll(async () => {
  [own, github] = await Promise.all([
    startInstance(),
    startInstance({ organization: 'GitHub, Inc.', sct: 'none', visibility: 'private' }),
  ]);
  const { trustedRoot, signingConfigs } = own.sigstore;
  [tuf, githubTuf] = await Promise.all([
    startTuf({
      targets: {
        'trusted_root.json': JSON.stringify(trustedRoot),
        'signing_config.v0.2.json': JSON.stringify(signingConfigs.rekor2),
      },
    }),
    startTuf({
      targets: { 'trusted_root.json': JSON.stringify(withoutLogs(github.sigstore.trustedRoot)) },
    }),
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
  return {
    version: 1,
    sha256: createHash('sha256')
      .update(JSON.stringify(JSON.parse(rootJson)))
      .digest('hex'),
  };
}

async function open(repository: TufHandle): Promise<ReadTarget> {
  return openTuf(
    await newCache(),
    { mirror: repository.url, firstRoot: firstRootOf(repository) },
    transport,
  );
}

/** Authorities that are no use, and these. */
function rootWith(lists: object): string {
  const authorities = [
    {
      uri: 'https://authority.example',
      certChain: { certificates: [] },
      validFor: { start: '2026-01-01T00:00:00Z' },
    },
  ];
  return JSON.stringify({
    certificateAuthorities: authorities,
    timestampAuthorities: authorities,
    ...lists,
  });
}

const never: ReadTarget = (name) => Promise.reject(new Error(`asked for ${name}`));

async function fileWith(text: string): Promise<string> {
  const file = join(await newCache(), 'trusted_root.json');
  await writeFile(file, text);
  return file;
}

async function foundOf(instance: Instance, log?: 'none'): Promise<FoundBundle> {
  const json = toBytes(await makeBundle(instance, log && { logs: [] }));
  return { source: 'registry', place: 'here', json };
}

async function verdictOf(trust: TrustStore, instance: Instance, log?: 'none'): Promise<string> {
  const found = await foundOf(instance, log);
  const checked = await conclusive(createVerifier(byCertificates(trust)))(found, DIGEST);
  return 'verified' in checked ? 'verified' : checked.rejected.code;
}

describe('a trusted root', () => {
  it('asks for a witness of each kind that it names', async () => {
    const json = JSON.parse(await readFile(own.trust.trustedRoot, 'utf8')) as object;
    expect(trustOf(json, { kind: 'tuf' }).thresholds).toEqual({
      tlogThreshold: 1,
      ctlogThreshold: 1,
      timestampThreshold: 1,
    });
    expect(trustOf(withoutLogs(json), { kind: 'tuf' }).thresholds).toEqual({
      tlogThreshold: 0,
      ctlogThreshold: 0,
      timestampThreshold: 1,
    });
  });
});

describe('a trusted root file', () => {
  it('of several lines trusts each instance for what that instance has issued, with its own thresholds', async () => {
    const trust = await trustFromFile(
      await fileWith(
        `${JSON.stringify(own.sigstore.trustedRoot)}\n${JSON.stringify(withoutLogs(github.sigstore.trustedRoot))}\n`,
      ),
    );
    expect([await verdictOf(trust, own), await verdictOf(trust, github, 'none')]).toEqual([
      'verified',
      'verified',
    ]);
    expect(await verdictOf(trust, own, 'none')).toBe('TRANSPARENCY_LOG');
  });

  it('tries every line that names the authority', async () => {
    const stale = {
      ...own.sigstore.trustedRoot,
      timestampAuthorities: (github.sigstore.trustedRoot as { timestampAuthorities: object[] })
        .timestampAuthorities,
    };
    const trust = await trustFromFile(
      await fileWith(`${JSON.stringify(stale)}\n${JSON.stringify(own.sigstore.trustedRoot)}\n`),
    );
    expect(await verdictOf(trust, own)).toBe('verified');
  });

  it('needs no certificate authority for a key, whose use a timestamp authority has seen', async () => {
    // JSON leaves out what is undefined, as ProtoJSON does with empty lists.
    const file = await fileWith(
      JSON.stringify({
        ...own.sigstore.trustedRoot,
        certificateAuthorities: undefined,
        tlogs: [],
        ctlogs: [],
      }),
    );
    const [trust] = await (await trustFromFile(file, 'with keys')).all();
    expect(trust?.material).toMatchObject({
      certificateAuthorities: [],
      tlogs: [],
      timestampAuthorities: [expect.anything()],
    });
    await expect(trustFromFile(file)).rejects.toMatchObject({
      code: 'INPUT_FILE',
      message: expect.stringMatching(/it names no certificate authority$/),
    });
    await expect(
      trustFromFile(await fileWith('{"certificateAuthorities":[]}'), 'with keys'),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/names neither a transparency log nor/),
    });
  });

  it.each<[string, string, RegExp]>([
    ['is empty', ' \n', /it is empty, not a trusted root$/],
    [
      'is YAML',
      'apiVersion: policy.sigstore.dev/v1alpha1\nkind: TrustRoot\n',
      /it is YAML, not a trusted root$/,
    ],
    [
      'is a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      /it is a certificate, not a trusted root$/,
    ],
    ['is a web page', '<!DOCTYPE html>\n<html>', /it is a web page, not a trusted root$/],
    [
      'is as PowerShell writes it',
      '\ufeff{}',
      /byte order mark, as PowerShell writes it, not a trusted root$/,
    ],
    [
      'was cut short',
      '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[',
      /it is JSON, or the beginning of it, not a trusted root$/,
    ],
    ['is text', 'hello', /it is text of another kind, not a trusted root$/],
    ['is a list', '[]', /it is JSON, but not an object, not/],
    [
      'is a signing configuration',
      '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[]}',
      /it is a signing configuration, which says where to sign, not a trusted root/,
    ],
    [
      'has both',
      '{"mediaType":"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json","trustedRoot":{},"signingConfig":{}}',
      /it is a client trust configuration, which contains a trusted root .*, not/,
    ],
    [
      'is TUF metadata',
      '{"signatures":[],"signed":{"_type":"root","version":16}}',
      /it is TUF metadata of the role "root"/,
    ],
    [
      'is a bundle',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{}}',
      /it is a Sigstore bundle/,
    ],
    [
      'is a policy',
      '{"apiVersion":"policy.sigstore.dev/v1alpha1","kind":"TrustRoot","spec":{}}',
      /it is a Kubernetes resource of kind "TrustRoot"/,
    ],
    [
      'is something else',
      '{"name":"countersign"}',
      /it is JSON of another kind, not a trusted root with "certificateAuthorities"$/,
    ],
    [
      'has a line that is none',
      `${rootWith({})}\nhello\n`,
      /line 2: it is text of another kind, not a trusted root$/,
    ],
    [
      'has a line with a wrong one',
      `${rootWith({})}\n\n${rootWith({ tlogs: [{ baseUrl: 'https://log.example' }] })}`,
      /line 3: "https:\/\/log\.example" has no valid date in validFor\.start$/,
    ],
    [
      'names no authority',
      '{"certificateAuthorities":[],"tlogs":[],"ctlogs":[],"timestampAuthorities":[]}',
      /it names no certificate authority$/,
    ],
    [
      'names nobody who sees signatures',
      rootWith({ timestampAuthorities: [], ctlogs: [] }),
      /it names neither a transparency log nor a timestamp authority$/,
    ],
    [
      'has logs that are no list, and so would ask for no log entry',
      rootWith({ tlogs: {} }),
      /its "tlogs" is not a list of objects$/,
    ],
    [
      'has a log without a start',
      rootWith({ tlogs: [{ baseUrl: 'https://log.example', publicKey: { rawBytes: 'AA==' } }] }),
      /"https:\/\/log.example" has no valid date in validFor.start/,
    ],
    [
      'has a log with a start that is no date',
      rootWith({
        ctlogs: [
          {
            baseUrl: 'https://log.example',
            publicKey: { rawBytes: 'AA==', validFor: { start: 'now' } },
          },
        ],
      }),
      /"https:\/\/log.example" has no valid date in validFor.start/,
    ],
    [
      'has a key that is none',
      rootWith({
        tlogs: [
          {
            baseUrl: 'https://log.example',
            logId: { keyId: 'AA==' },
            publicKey: {
              keyDetails: 'PKIX_ECDSA_P256_SHA_256',
              rawBytes: 'AA==',
              validFor: { start: '2026-01-01T00:00:00Z' },
            },
          },
        ],
      }),
      /it is malformed: Failed to read asymmetric key$/,
    ],
  ])('that %s is refused by what it is', async (_, text, message) => {
    await expect(trustFromFile(await fileWith(text))).rejects.toMatchObject({
      kind: 'input',
      code: 'INPUT_FILE',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('trusted_root.json'),
    });
  });

  it.each([
    ['missing', '/nowhere/trusted_root.json', 'it does not exist'],
    ['a directory', tmpdir(), 'it is a directory'],
  ])('that is %s is refused by its path', async (_, path, state) => {
    await expect(trustFromFile(path)).rejects.toMatchObject({
      code: 'INPUT_FILE',
      message: expect.stringContaining(`"${path}": ${state}`),
    });
  });
});

describe('through TUF', () => {
  it('the public-good instance is trusted, and gives its signing configuration too', async () => {
    const publicGood = await open(tuf);
    expect((await servicesFromTuf(publicGood, 'certificate')).logs).toEqual([
      { url: own.sigstore.rekorV2, version: 2 },
    ]);
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

  it('the instance of GitHub is asked once, and only when nothing else is left to judge', async () => {
    await githubTuf.clear();
    const verify = createVerifier(
      byCertificates(trustFromTuf({ publicGood: await open(tuf), github: await open(githubTuf) })),
    );
    const found = await foundOf(github, 'none');
    const [first, second] = [await verify(found, DIGEST), await verify(found, DIGEST)];
    expect(await githubTuf.requests()).toEqual([]);
    if (!('postponed' in first) || !('postponed' in second)) throw new Error('not postponed');
    expect(await first.postponed()).toHaveProperty('verified');
    const asked = (await githubTuf.requests()).length;
    expect(await second.postponed()).toHaveProperty('verified');
    expect(await githubTuf.requests()).toHaveLength(asked);
  });

  it('the instance of GitHub does not vouch for a public repository, and is not even asked', async () => {
    await githubTuf.clear();
    await github.oidc.set({ claims: { repository_visibility: 'public' } });
    const trust = trustFromTuf({ publicGood: await open(tuf), github: await open(githubTuf) });
    const root = { ...github.sigstore.trustedRoot, tlogs: [], ctlogs: [] };
    const named = await trustFromFile(await fileWith(JSON.stringify(root)));
    try {
      expect(await verdictOf(trust, github, 'none')).toBe('CERTIFICATE');
      expect(await githubTuf.requests()).toEqual([]);
      expect(await verdictOf(named, github, 'none')).toBe('verified');
    } finally {
      await github.oidc.set({ claims: { repository_visibility: 'private' } });
    }
  });

  it('what GitHub signs is verified with its root alone', async () => {
    const trust = trustOfGitHub({ publicGood: never, github: await open(githubTuf) });
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
    expect(await verdictOf(trust, own)).toBe('CERTIFICATE');
    await github.oidc.set({ claims: { repository_visibility: 'public' } });
    expect(await verdictOf(trust, github, 'none')).toBe('CERTIFICATE');
    await github.oidc.set({ claims: { repository_visibility: 'private' } });
  });

  it('a tenant has a root of its own, by its trust domain', async () => {
    const root = JSON.stringify(withoutLogs(github.sigstore.trustedRoot));
    await githubTuf.set({ targets: { 'trusted_root.json': '{}', 'acme.trusted_root.json': root } });
    const read = await open(githubTuf);
    const tenant = targetsOfTenant(read, () => Promise.resolve('acme'));
    const trust = trustFromTuf({ publicGood: await open(tuf), github: tenant });
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
    const other = targetsOfTenant(read, () => Promise.resolve('other'));
    await expect(
      verdictOf(trustOfGitHub({ publicGood: never, github: other }), github, 'none'),
    ).rejects.toMatchObject({ message: expect.stringMatching(/"other\.trusted_root\.json"/) });
    await githubTuf.set({ targets: { 'trusted_root.json': root } });
  });

  it('without the root of GitHub, its bundles are not refused: nobody can tell', async () => {
    const trust = trustFromTuf({
      publicGood: await open(tuf),
      github: () => Promise.resolve('{}'),
    });
    await expect(verdictOf(trust, github, 'none')).rejects.toMatchObject({
      kind: 'service',
      code: 'SERVICE_TRUST',
    });
    expect(await verdictOf(trust, own)).toBe('verified');
  });

  it('a target that the repository does not have is named', async () => {
    await expect((await open(tuf))('other.json')).rejects.toMatchObject({
      code: 'SERVICE_TRUST',
      message: expect.stringMatching(
        /^Cannot get "other\.json" from the TUF repository .*: it has no such target$/,
      ),
    });
  });

  it('what is no trusted root is none', async () => {
    const trust = trustFromTuf({
      publicGood: () => Promise.resolve('{"caUrls":[]}'),
      github: never,
    });
    await expect(trust.all()).rejects.toMatchObject({
      kind: 'service',
      code: 'SERVICE_TRUST',
      message: expect.stringMatching(/^Cannot use the trusted root from TUF: /),
    });
  });
});
