// GitHub's Sigstore instance at its real addresses: jobs reach it through a proxy, which records all other hosts that they connect to.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { relayTls } from '../../lab/services/relay.ts';
import { type SigstoreHandle, startSigstore } from '../../lab/services/start.ts';
import { startProxy } from './proxy.ts';
import { ISSUER, type World } from './world.ts';

export interface GitHubInstance {
  readonly sigstore: SigstoreHandle;
  /** Path of its trusted root: no log, and no log of certificates. */
  readonly trustedRoot: string;
  /** For the environment of a job. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hosts outside of loopback that were requested since the last call. */
  asked(): readonly string[];
  stop(): Promise<void>;
}

/** `domain` is `githubapp.com`, or the host of a tenant. */
export async function startGitHubInstance(
  { oidc }: Pick<World, 'oidc'>,
  domain = 'githubapp.com',
): Promise<GitHubInstance> {
  const sigstore = await startSigstore({
    organization: 'GitHub, Inc.',
    sct: 'none',
    issuers: [{ issuer: ISSUER, jwks: oidc.jwks }],
  });
  const hosts = [`fulcio.${domain}`, `timestamp.${domain}`] as const;
  const relay = await relayTls({ [hosts[0]]: sigstore.fulcio, [hosts[1]]: sigstore.tsa });
  const proxy = await startProxy((host) => {
    if (hosts.some((each) => host === `${each}:443`)) return relay.host;
    return host.startsWith('127.0.0.1:') ? host : undefined;
  });
  const trustedRoot = path.join(await mkdtemp(path.join(tmpdir(), 'root-')), 'trusted_root.json');
  const root = { ...sigstore.trustedRoot, tlogs: [], ctlogs: [] };
  await writeFile(trustedRoot, JSON.stringify(root));
  return {
    sigstore,
    trustedRoot,
    env: { ...proxy.env, NODE_EXTRA_CA_CERTS: relay.authority },
    asked: () => proxy.asked().filter((host) => !host.startsWith('127.0.0.1:')),
    async stop() {
      await Promise.all([sigstore.stop(), relay.stop(), proxy.stop()]);
    },
  };
}
