// The name of a private repository reaches no public log: its images are signed on GitHub's instance, unless the workflow says otherwise.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { startGitHubInstance } from '../../lab/services/github-instance.ts';
import { asked } from './seen.ts';
import { entries, type Entry, type Inputs, ISSUER, startWorld } from './world.ts';

const world = await startWorld();
const github = await startGitHubInstance(world.oidc);
const tenant = await startGitHubInstance(world.oidc, { domain: 'acme.ghe.com' });
const HOSTS = ['fulcio.githubapp.com:443', 'timestamp.githubapp.com:443'];
const PUBLIC_TUF = 'tuf-repo-cdn.sigstore.dev:443';

beforeEach(async () => {
  await Promise.all([world.forget(), github.sigstore.clear(), tenant.sigstore.clear()]);
  github.asked();
});
afterAll(() => Promise.all([world.stop(), github.stop(), tenant.stop()]));

const sign = (
  entry: Entry,
  reference: string,
  inputs: Inputs = {},
): ReturnType<typeof world.run> => {
  const given = { sigstore: 'auto', 'trusted-root': github.trustedRoot, 'retry-timeout': '0s' };
  return world.run(
    entry,
    { mode: 'sign', images: reference, ...given, ...inputs },
    { env: github.env },
  );
};

/** For an instance whose signatures have timestamps, and no entry in a log. */
function cosignOptions(trustedRoot: string): string {
  const time = '--insecure-ignore-sct --use-signed-timestamps --insecure-ignore-tlog';
  const signer = `--certificate-identity https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main --certificate-oidc-issuer ${ISSUER}`;
  return `--trusted-root ${trustedRoot} ${time} ${signer}`;
}

describe.each(entries)('signing step run from %s', (entry) => {
  test.each(['private', 'internal'])(
    "signs on GitHub's instance and contacts no public service: %s",
    async (visibility) => {
      await world.oidc.set({ claims: { repository_visibility: visibility } });
      const image = await world.push('acme/app', { content: `${entry} ${visibility}` });
      const signed = await sign(entry, image.reference, { attestations: 'provenance' });
      expect(signed).toMatchObject({ exit: 0, outputs: { signed: 'true', 'log-index': '' } });
      const options = cosignOptions(github.trustedRoot);
      expect(signed.outputs['verify-commands']?.split('\n')).toEqual([
        `cosign verify ${options} ${image.reference}`,
        `cosign verify-attestation --type https://slsa.dev/provenance/v1 ${options} ${image.reference}`,
      ]);
      expect(github.asked()).toEqual(HOSTS);
      expect(await asked(world.sigstore)).toEqual([]);
      expect([...new Set(await asked(github.sigstore))].sort()).toEqual([
        'POST /api/v1/timestamp',
        'POST /api/v2/signingCert',
      ]);
      const gate = await world.run(entry, {
        mode: 'verify',
        images: image.reference,
        require: 'signature, provenance',
        'trusted-root': github.trustedRoot,
      });
      expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    },
  );

  test('signs on the public-good instance, found through TUF, in a public repository', async () => {
    await world.oidc.set({ claims: {} });
    const image = await world.push('acme/app');
    const { exit, annotations } = await sign(entry, image.reference);
    expect(exit).toBe(1);
    expect(annotations[0]?.message).toMatch(/^Cannot get "signing_config\.v0\.2\.json" from/);
    expect(github.asked()).toEqual([PUBLIC_TUF]);
  });

  test('signs on the public-good instance in a private repository with "sigstore: public-good"', async () => {
    await world.oidc.set({ claims: { repository_visibility: 'private' } });
    const image = await world.push('acme/app');
    await sign(entry, image.reference, { sigstore: 'public-good' });
    expect(github.asked()).toEqual([PUBLIC_TUF]);
  });

  test('signs on a private instance in a private repository', async () => {
    await world.oidc.set({ claims: { repository_visibility: 'private' } });
    const image = await world.push('acme/app');
    const inputs = {
      sigstore: world.trust.signingConfigs.rekor2,
      'trusted-root': world.trust.trustedRoot,
    };
    const { exit, outputs } = await sign(entry, image.reference, inputs);
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(github.asked()).toEqual([]);
  });

  test('fails before it requests a certificate in a public repository with "sigstore: github"', async () => {
    await world.oidc.set({ claims: {} });
    const image = await world.push('acme/app');
    const { exit, annotations } = await sign(entry, image.reference, { sigstore: 'github' });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      `Cannot sign with "sigstore: github": "acme/app" is public, and GitHub's Sigstore instance has no public log\nTo fix: remove "sigstore", so that the public-good instance is used`,
    ]);
    expect(github.asked()).toEqual([]);
  });

  test('signs on the instance of a ghe.com tenant', async () => {
    await world.oidc.set({ claims: { repository_visibility: 'internal' } });
    const image = await world.push('acme/app', { content: `${entry} tenant` });
    const { exit, outputs } = await world.run(
      entry,
      {
        mode: 'sign',
        images: image.reference,
        sigstore: 'auto',
        'trusted-root': tenant.trustedRoot,
      },
      { env: { ...tenant.env, GITHUB_SERVER_URL: 'https://acme.ghe.com' } },
    );
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(outputs['verify-commands']).toBe(
      `cosign verify ${cosignOptions(tenant.trustedRoot)} ${image.reference}`,
    );
    expect(tenant.asked()).toEqual(['fulcio.acme.ghe.com:443', 'timestamp.acme.ghe.com:443']);
  });
});
