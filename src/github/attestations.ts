// GitHub's attestation store: https://docs.github.com/rest/repos/attestations and .../orgs/attestations.
import type { Transport } from '../http/message.ts';
import type { Digest } from '../model/digest.ts';
import { githubApi } from './api.ts';
import { readBundle } from './bundle.ts';
import { listAttestations, type Listed, type ListedAttestation } from './listing.ts';
import { type Recorded, type Recording, recordOnce } from './record.ts';

export type { Listed, ListedAttestation, Recorded };

export interface AttestationStore {
  /** Records a bundle for a digest in a repository (`owner/name`), and returns when the list contains it. */
  record(
    repository: string,
    digest: Digest,
    bundle: Buffer,
    origin?: Recording['origin'],
  ): Promise<Recorded>;
  /** The attestations for a digest that belong to a repository (`owner/name`) or to an owner, each yielded as soon as it is listed. Never throws. */
  list(
    of: string,
    digest: Digest,
    signal: AbortSignal,
    take: (attestation: ListedAttestation) => void,
  ): Promise<Listed>;
  /** The bundle of a listed attestation; `onBytes` is called for every chunk. */
  read(
    attestation: ListedAttestation,
    signal: AbortSignal,
    onBytes: (count: number) => void,
  ): Promise<Buffer>;
}

interface Options {
  readonly apiUrl: string;
  readonly token: string;
  readonly transport: Transport;
  /** Milliseconds, for all retries of the step together. */
  readonly retryTimeout: number;
}

export function attestationStore({
  apiUrl,
  token,
  transport,
  retryTimeout,
}: Options): AttestationStore {
  const api = githubApi(apiUrl, token, transport);
  return {
    record: (of, digest, bundle, origin = 'this step') =>
      recordOnce({ api, transport, of, digest, bundle, origin, patience: retryTimeout }),
    list: (of, digest, signal, take) =>
      listAttestations({ api, transport, of, digest, signal }, take),
    read: (attestation, signal, onBytes) =>
      readBundle(attestation, { api, transport, signal }, onBytes),
  };
}
