// GitHub's Sigstore instance at its real addresses: jobs reach it through a proxy, which records all other hosts that they connect to.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startProxy } from './proxy.ts';
import { relayTls } from './relay.ts';
import { type OidcHandle, type SigstoreHandle, startSigstore } from './start.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';

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

interface Options {
  /** `githubapp.com`, or the host of a tenant. */
  readonly domain?: string;
  /** Origins of services that replace other https servers, by their name. */
  readonly others?: Readonly<Record<string, string>>;
}

export async function startGitHubInstance(
  oidc: Pick<OidcHandle, 'jwks'>,
  { domain = 'githubapp.com', others = {} }: Options = {},
): Promise<GitHubInstance> {
  const sigstore = await startSigstore({
    organization: 'GitHub, Inc.',
    sct: 'none',
    issuers: [{ issuer: ISSUER, jwks: oidc.jwks }],
  });
  const services = {
    [`fulcio.${domain}`]: sigstore.fulcio,
    [`timestamp.${domain}`]: sigstore.tsa,
    ...others,
  };
  const relay = await relayTls(services);
  const proxy = await startProxy((host) => {
    if (Object.keys(services).some((each) => host === `${each}:443`)) return relay.host;
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
