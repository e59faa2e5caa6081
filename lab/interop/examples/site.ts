// The services that the examples run against: embedded ones in place of registries, GitHub, both Sigstore instances and the server of a vendor's key.
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type GitHubInstance, startGitHubInstance } from '../../services/github-instance.ts';
import {
  type GitHubHandle,
  type OidcHandle,
  type RegistryHandle,
  type SigstoreHandle,
  startGitHub,
  startOidc,
  startRegistry,
  startSigstore,
  type TrustFiles,
} from '../../services/start.ts';

export const JOB_TOKEN = 'ghs_tokenOfTheExamples0000000000000000000';
export const OTHER_LOGIN = { username: 'robot', password: 'password of the other registry' };
const ISSUER = 'https://token.actions.githubusercontent.com';

export interface Site {
  readonly oidc: OidcHandle;
  readonly sigstore: SigstoreHandle;
  readonly github: GitHubHandle;
  /** In place of ghcr.io: without the Referrers API, with the token of the job, and readable by everyone. */
  readonly ghcr: RegistryHandle;
  /** GitHub's own Sigstore instance, and the proxy through which every job connects: to nothing outside of loopback. */
  readonly instance: GitHubInstance;
  /** Its public key is what raw.githubusercontent.com serves. */
  readonly vendor: KeyPairKeyObjectResult;
  /** In place of registry.example and Amazon ECR. */
  readonly other: RegistryHandle;
  readonly trust: TrustFiles;
  stop(): Promise<unknown>;
}

export async function openSite(): Promise<Site> {
  const [oidc, sigstore, github, ghcr, other] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startGitHub({ tokens: { [JOB_TOKEN]: 'write' } }),
    startRegistry({
      auth: 'bearer',
      anonymousPull: true,
      referrers: 'none',
      username: 'octocat',
      password: JOB_TOKEN,
    }),
    startRegistry({ auth: 'basic', ...OTHER_LOGIN }),
  ]);
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const vendor = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = await serve(vendor.publicKey.export({ format: 'pem', type: 'spki' }).toString());
  const others = { 'raw.githubusercontent.com': keys.url };
  const instance = await startGitHubInstance(oidc, { others });
  const services = [oidc, sigstore, github, ghcr, other, instance, keys];
  return {
    oidc,
    sigstore,
    github,
    ghcr,
    other,
    instance,
    vendor,
    trust: await sigstore.writeTrust(),
    stop: () => Promise.all(services.map((service) => service.stop())),
  };
}

/** The same for every path. */
async function serve(body: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => response.end(body));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
