// The services that both modes use: transport, registry clients, attestation store, verifier.
import type { Environment } from '../action/environment.ts';
import { maskSecret, stepLog } from '../action/log.ts';
import { supportedProxy } from '../action/proxy.ts';
import { type AttestationStore, attestationStore } from '../github/attestations.ts';
import { trustDomainAt } from '../github/meta.ts';
import { type Deadline, deadlineIn } from '../http/deadline.ts';
import type { Transport } from '../http/message.ts';
import { agentsFor } from '../http/proxy.ts';
import { createTransport, type TransportOptions } from '../http/transport.ts';
import { evidenceRepository } from '../model/evidence-place.ts';
import type { Roots } from '../model/policy.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import type { RunProgram } from '../model/program.ts';
import type { Common } from '../model/request.ts';
import { isGitHubCom, isTenant } from '../names/github-server.ts';
import type { Access } from '../registry/access-remedy.ts';
import { RegistryClient } from '../registry/client.ts';
import { createKeychain } from '../registry/credentials.ts';
import { SharedTokens } from '../registry/shared-tokens.ts';
import { GITHUB, PUBLIC_GOOD, type TufRepository } from '../sigstore/trust/instances.ts';
import type { Signers, TrustStore } from '../sigstore/trust/trust.ts';
import { trustFromFile } from '../sigstore/trust/trust-file.ts';
import {
  targetsOfTenant,
  trustFromTuf,
  type TufRepositories,
} from '../sigstore/trust/trust-tuf.ts';
import type { ReadTarget } from '../sigstore/trust/tuf.ts';
import type { Trusted } from '../sigstore/verify/trusted.ts';
import { createVerifier, type Verify } from '../sigstore/verify/verifier.ts';

type ClientFor = (image: { readonly repository: Repository }) => RegistryClient;

export interface SharedServices {
  readonly transport: Transport;
  /** For the repository of the image. */
  readonly clientFor: ClientFor;
  /** For the repository with the signatures and attestations of the image. */
  readonly evidenceFor: ClientFor;
  /** For what a gate does after its verdict: the deadline is for reading alone. */
  readonly copyingFor: ClientFor;
  /** Undefined without a token. */
  readonly attestations: AttestationStore | undefined;
  readonly tuf: TufRepositories;
}

export function sharedServices(
  { retryTimeout, credentials, githubToken, evidencePlace }: Common,
  { loginFiles, apiUrl, serverUrl, temp, proxy }: Environment,
  {
    accessTo,
    deadline,
  }: { readonly accessTo: (repository: Repository) => Access; readonly deadline?: Deadline },
): SharedServices {
  const agentFor = agentsFor(supportedProxy(proxy));
  const common = { retryTimeout, onRetry: stepLog.info, agentFor };
  const transport = createTransport({ ...common, deadline });
  const keychain = createKeychain({
    loginFiles,
    run: runProgram,
    mask: maskSecret,
    ...(credentials ? { explicit: credentials } : {}),
    ...(githubToken !== undefined && isGitHubCom(serverUrl) ? { githubToken } : {}),
  });
  // One client for each repository, so that a challenge of its registry is answered once.
  const clientsBy = (to: Transport): ClientFor => {
    const services = { transport: to, keychain, mask: maskSecret };
    const tokens = new SharedTokens(services);
    const clients = new Map<string, RegistryClient>();
    return ({ repository }) => {
      const name = formatRepository(repository);
      const client =
        clients.get(name) ??
        new RegistryClient(repository, accessTo(repository), { ...services, tokens });
      clients.set(name, client);
      return client;
    };
  };
  const clientFor = clientsBy(transport);
  // A gate reads it because of a foreign certificate, a signing step because of its own.
  const openGitHub = (): Transport => (deadline ? secondTransport(common) : transport);
  const github = lazyTuf(temp, GITHUB.tuf, openGitHub);
  return {
    transport,
    clientFor,
    evidenceFor: ({ repository }) =>
      clientFor({ repository: evidenceRepository(evidencePlace, repository) }),
    copyingFor: clientsBy(createTransport(common)),
    attestations:
      githubToken === undefined
        ? undefined
        : attestationStore({ apiUrl, token: githubToken, transport, retryTimeout }),
    tuf: {
      publicGood: lazyTuf(temp, PUBLIC_GOOD.tuf, () => transport),
      github: isTenant(serverUrl)
        ? targetsOfTenant(github, () => trustDomainAt(apiUrl, githubToken, transport))
        : github,
    },
  };
}

/** The code that runs programs is not loaded if no login has a credential helper. */
const runProgram: RunProgram = async (...program) => {
  const loaded = await import('../action/run-program.ts');
  return loaded.runProgram(...program);
};

/** The TUF client is not loaded if files are used. */
function lazyTuf(temp: string, repository: TufRepository, open: () => Transport): ReadTarget {
  let opened: Promise<ReadTarget> | undefined;
  return async (name) => {
    opened ??= import('../sigstore/trust/tuf.ts').then(({ openTuf }) =>
      openTuf(temp, repository, open()),
    );
    return (await opened)(name);
  };
}

/** Milliseconds from its first request: anyone can make a gate fetch the root of GitHub's instance, but must not make it wait for minutes. */
const SECOND_ROOT = 15_000;

function secondTransport(common: TransportOptions): Transport {
  return createTransport({
    ...common,
    retryTimeout: Math.min(common.retryTimeout, SECOND_ROOT),
    deadline: deadlineIn(SECOND_ROOT),
  });
}

/** A file is read at once, so that an invalid one is an input problem; TUF is read when a root is needed. */
export async function trustStore(
  roots: Roots,
  tuf: TufRepositories,
  signers?: Signers,
): Promise<TrustStore> {
  return roots.kind === 'tuf' ? trustFromTuf(tuf) : trustFromFile(roots.path, signers);
}

/** TUF is not read if no root is needed. */
export function verifierLoader(trusted: Trusted): () => Promise<Verify> {
  const verifier = createVerifier(trusted);
  return async () => {
    await Promise.all([trusted.certificates?.all(), trusted.witnesses?.all()]);
    return verifier;
  };
}
