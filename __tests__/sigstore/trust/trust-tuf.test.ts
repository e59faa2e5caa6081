// Trusted roots from TUF: which instance is trusted for what, and the errors if there is none.
import { createHash } from 'node:crypto';

import { afterAll, describe, expect, it } from '@jest/globals';

import { createTransport } from '../../../src/http/transport.ts';
import type { TufRepository } from '../../../src/sigstore/trust/instances.ts';
import { servicesFromTuf } from '../../../src/sigstore/sign/signing-config.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import {
  targetsOfTenant,
  trustFromTuf,
  trustOfGitHub,
} from '../../../src/sigstore/trust/trust-tuf.ts';
import { openTuf, type ReadTarget } from '../../../src/sigstore/trust/tuf.ts';
import { byCertificates } from '../../../src/sigstore/verify/trusted.ts';
import { createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { startTuf, type TufHandle } from '../../../lab/services/start.ts';
import { DIGEST } from '../../../lab/bundles/statement.ts';
import {
  fileWith,
  foundOf,
  github,
  newCache,
  own,
  verdictOf,
  withoutLogs,
} from './trust-fixture.ts';

const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });
const { trustedRoot, signingConfigs } = own.sigstore;
const [tuf, githubTuf] = await Promise.all([
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
afterAll(() => Promise.all([tuf.stop(), githubTuf.stop()]));

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

const never: ReadTarget = (name) => Promise.reject(new Error(`asked for ${name}`));

describe('a trusted root from TUF', () => {
  it('is that of the public-good instance, with its signing configuration', async () => {
    const publicGood = await open(tuf);
    expect((await servicesFromTuf(publicGood, 'certificate')).logs).toEqual([
      { url: own.sigstore.rekorV2, version: 2 },
    ]);
    expect(await verdictOf(trustFromTuf({ publicGood, github: never }), own)).toBe('verified');
  });

  it('is fetched for GitHub only if a certificate names its instance', async () => {
    await githubTuf.clear();
    const trust = trustFromTuf({ publicGood: await open(tuf), github: await open(githubTuf) });
    expect(await verdictOf(trust, own)).toBe('verified');
    expect(await githubTuf.requests()).toEqual([]);
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
  });

  it('has thresholds for GitHub that do not apply to other instances', async () => {
    const trust = trustFromTuf({ publicGood: await open(tuf), github: await open(githubTuf) });
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
    expect(await verdictOf(trust, own, 'none')).toBe('TRANSPARENCY_LOG');
  });

  it('is fetched for GitHub once, after all other bundles', async () => {
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

  it('is not fetched for GitHub in a public repository', async () => {
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

  it('is only that of GitHub for what GitHub signs', async () => {
    const trust = trustOfGitHub({ publicGood: never, github: await open(githubTuf) });
    expect(await verdictOf(trust, github, 'none')).toBe('verified');
    expect(await verdictOf(trust, own)).toBe('CERTIFICATE');
    await github.oidc.set({ claims: { repository_visibility: 'public' } });
    expect(await verdictOf(trust, github, 'none')).toBe('CERTIFICATE');
    await github.oidc.set({ claims: { repository_visibility: 'private' } });
  });

  it('is that of the tenant, found by its trust domain', async () => {
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

  it('causes an error instead of a rejection if that of GitHub is unavailable', async () => {
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

  it('is named in the error if it is missing', async () => {
    await expect((await open(tuf))('other.json')).rejects.toMatchObject({
      code: 'SERVICE_TRUST',
      message: expect.stringMatching(
        /^Cannot get "other\.json" from the TUF repository .*: it has no such target$/,
      ),
    });
  });

  it('is rejected if it is not a trusted root', async () => {
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
