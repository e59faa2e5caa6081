// The services that both modes use: transport, registry clients, attestation store, verifier.
import { join } from 'node:path';
import type { Environment } from '../action/environment.ts';
import { stepLog } from '../action/log.ts';
import { type AttestationStore, attestationStore } from '../github/attestations.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import type { Common } from '../model/request.ts';
import type { Access } from '../registry/auth.ts';
import { RegistryClient } from '../registry/client.ts';
import { createKeychain } from '../registry/credentials.ts';
import type { TrustedKeys } from '../sigstore/by-key.ts';
import { GITHUB, PUBLIC_GOOD, type TufRepository } from '../sigstore/instances.ts';
import type { Signers, TrustStore } from '../sigstore/trust.ts';
import { trustFromFile } from '../sigstore/trust-file.ts';
import { trustFromTuf, type TufRepositories } from '../sigstore/trust-tuf.ts';
import type { ReadTarget } from '../sigstore/tuf.ts';
import { createVerifier, type Verify } from '../sigstore/verifier.ts';

export interface SharedServices {
  readonly transport: Transport;
  readonly clientFor: (place: { readonly repository: Repository }) => RegistryClient;
  /** Undefined without a token. */
  readonly attestations: AttestationStore | undefined;
  readonly tuf: TufRepositories;
}

export function sharedServices(
  { retryTimeout, credentials, githubToken }: Common,
  { dockerConfig, apiUrl, temp }: Environment,
  access: Access,
): SharedServices {
  const transport = createTransport({ retryTimeout, onRetry: stepLog.info });
  const keychain = createKeychain({
    dockerConfig,
    ...(credentials ? { explicit: credentials } : {}),
    ...(githubToken === undefined ? {} : { githubToken }),
  });
  const clients = new Map<string, RegistryClient>();
  return {
    transport,
    // One client for each repository, so that a challenge of its registry is answered once.
    clientFor: ({ repository }): RegistryClient => {
      const name = formatRepository(repository);
      const client =
        clients.get(name) ?? new RegistryClient(repository, access, { transport, keychain });
      clients.set(name, client);
      return client;
    },
    attestations:
      githubToken === undefined
        ? undefined
        : attestationStore({ apiUrl, token: githubToken, transport, retryTimeout }),
    tuf: {
      publicGood: lazyTuf(join(temp, 'countersign-tuf'), PUBLIC_GOOD.tuf, transport),
      github: lazyTuf(join(temp, 'countersign-tuf'), GITHUB.tuf, transport),
    },
  };
}

/** Whoever works from files never loads the TUF client. */
function lazyTuf(cache: string, repository: TufRepository, transport: Transport): ReadTarget {
  let opened: Promise<ReadTarget> | undefined;
  return async (name) => {
    opened ??= import('../sigstore/tuf.ts').then(({ openTuf }) =>
      openTuf(cache, repository, transport),
    );
    return (await opened)(name);
  };
}

/** A file is read at once, so that a wrong one is an input problem; TUF is asked when a root is needed. */
export async function trustStore(
  trustedRoot: string | undefined,
  tuf: TufRepositories,
  signers?: Signers,
): Promise<TrustStore> {
  return trustedRoot === undefined ? trustFromTuf(tuf) : trustFromFile(trustedRoot, signers);
}

/** TUF is not asked when no root is needed. */
export async function verifierLoader(
  trustedRoot: string | undefined,
  tuf: TufRepositories,
  keys?: TrustedKeys,
): Promise<() => Promise<Verify>> {
  const trusted = await trustStore(trustedRoot, tuf, keys && 'with keys');
  const verifier = createVerifier(trusted, keys);
  return async () => {
    if (keys?.witness !== 'insecure-ignored') await trusted.all();
    return verifier;
  };
}
