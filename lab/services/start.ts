// Starts the embedded services, and returns typed handles to them.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { callOrThrow } from './call.ts';
import type { GitHubFacts, GitHubOptions } from './github.ts';
import type { GitHubSettings } from './github/settings.ts';
import { launch, type ServiceHandle } from './launch.ts';
import type { OidcFacts, OidcOptions, OidcSettings } from './oidc.ts';
import type { RegistryFacts, RegistryOptions } from './registry.ts';
import type { RegistrySettings } from './registry/settings.ts';
import type { SigstoreFacts, SigstoreOptions, SigstoreSettings } from './sigstore.ts';
import type { SigningConfigKind } from './sigstore/trust.ts';
import type { TufFacts, TufOptions, TufSettings } from './tuf.ts';

export type { Fault } from './faults.ts';
export type { SeenRequest, ServiceHandle } from './launch.ts';

export interface RegistryHandle extends ServiceHandle<RegistrySettings> {
  /** Origin of the storage server behind blob redirects. */
  readonly storage: string;
}

export interface GitHubHandle extends ServiceHandle<GitHubSettings> {
  /** Origin of the storage to which bundle URLs point. */
  readonly blobs: string;
}

export interface OidcHandle extends ServiceHandle<OidcSettings> {
  readonly jwks: string;
  /** What the runner puts into the environment of a job with id-token: write. */
  readonly env: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  token(audience: string): Promise<string>;
}

export interface SigstoreHandle
  extends ServiceHandle<SigstoreSettings>, Omit<SigstoreFacts, 'url'> {
  readonly fulcio: string;
  /** Writes the trust documents into a new directory and returns their paths. */
  writeTrust(): Promise<TrustFiles>;
}

export interface TufHandle extends ServiceHandle<TufSettings> {
  /** The first root.json, which a client must have beforehand. */
  readonly rootJson: string;
  /** Writes it into a new directory and returns its path. */
  writeRoot(): Promise<string>;
}

export interface TrustFiles {
  readonly trustedRoot: string;
  readonly signingConfigs: Readonly<Record<SigningConfigKind, string>>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<RegistryHandle> {
  const { handle, facts } = await launch<RegistrySettings, RegistryFacts>('registry', options);
  return { ...handle, storage: facts.storage };
}

export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubHandle> {
  const { handle, facts } = await launch<GitHubSettings, GitHubFacts>('github', options);
  return { ...handle, blobs: facts.blobs };
}

export async function startOidc(options: OidcOptions = {}): Promise<OidcHandle> {
  const requestToken = options.requestToken ?? 'runner-request-token';
  const { handle, facts } = await launch<OidcSettings, OidcFacts>('oidc', {
    ...options,
    requestToken,
  });
  const endpoint = `${facts.url}/token?api-version=2.0`;
  return {
    ...handle,
    jwks: facts.jwks,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: endpoint, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken },
    async token(audience) {
      const headers = { Authorization: `Bearer ${requestToken}` };
      const url = `${endpoint}&audience=${encodeURIComponent(audience)}`;
      const { body } = await callOrThrow(url, { headers });
      return (JSON.parse(body.toString()) as { value: string }).value;
    },
  };
}

/** The issuers are those whose tokens Fulcio accepts: `issuers: [{ issuer: 'https://…', jwks: oidc.jwks }]`. */
export async function startSigstore(options: SigstoreOptions = {}): Promise<SigstoreHandle> {
  const { handle, facts } = await launch<SigstoreSettings, SigstoreFacts>('sigstore', options);
  return { ...handle, ...facts, fulcio: facts.url, writeTrust: () => writeTrust(facts) };
}

export async function startTuf(options: TufOptions = {}): Promise<TufHandle> {
  const { handle, facts } = await launch<TufSettings, TufFacts>('tuf', options);
  const write = async (): Promise<string> =>
    writeInto(await newDirectory('tuf-'), 'root.json', facts.rootJson);
  return { ...handle, rootJson: facts.rootJson, writeRoot: write };
}

async function writeTrust({ trustedRoot, signingConfigs }: SigstoreFacts): Promise<TrustFiles> {
  const directory = await newDirectory('trust-');
  const write = (name: string, document: object): Promise<string> =>
    writeInto(directory, name, JSON.stringify(document, null, 2));
  const config = (kind: SigningConfigKind): Promise<string> =>
    write(`signing_config.${kind}.json`, signingConfigs[kind]);
  return {
    trustedRoot: await write('trusted_root.json', trustedRoot),
    signingConfigs: {
      rekor1: await config('rekor1'),
      rekor2: await config('rekor2'),
      both: await config('both'),
      'timestamp-only': await config('timestamp-only'),
    },
  };
}

function newDirectory(prefix: string): Promise<string> {
  return mkdtemp(path.join(tmpdir(), prefix));
}

async function writeInto(directory: string, name: string, text: string): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, text);
  return file;
}
