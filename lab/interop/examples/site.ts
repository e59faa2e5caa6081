// The services that the examples run against: embedded ones in place of ghcr.io, another registry, GitHub and Sigstore.
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
  /** In place of registry.example. */
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
  const services = [oidc, sigstore, github, ghcr, other];
  return {
    oidc,
    sigstore,
    github,
    ghcr,
    other,
    trust: await sigstore.writeTrust(),
    stop: () => Promise.all(services.map((service) => service.stop())),
  };
}
