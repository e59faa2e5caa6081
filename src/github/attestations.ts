// GitHub's attestation store: https://docs.github.com/rest/repos/attestations and .../orgs/attestations.
import type { ActionError } from '../errors.ts';
import type { Transport } from '../http/transport.ts';
import type { Digest } from '../model/digest.ts';
import { githubApi } from './api.ts';
import { type Listing, readAttestations, type StoredAttestation } from './listing.ts';
import { type Recorded, recordOnce } from './record.ts';

export type { Listing, Recorded };

export interface AttestationStore {
  /** Records a bundle about a digest in a repository (`owner/name`), and returns when the list has it. */
  record(repository: string, digest: Digest, bundle: Buffer): Promise<Recorded>;
  /** The bundles about a digest that belong to a repository (`owner/name`) or to an owner; what cannot be read of them takes nothing from the others. */
  list(of: string, digest: Digest, signal: AbortSignal): Promise<Listing>;
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
    record: (of, digest, bundle) =>
      recordOnce({ api, transport, of, digest, bundle, patience: retryTimeout }),

    async list(of, digest, signal) {
      const attestations: StoredAttestation[] = [];
      const failures: ActionError[] = [];
      for await (const batch of readAttestations({ api, transport, of, digest, signal })) {
        attestations.push(...batch.attestations);
        failures.push(...batch.failures);
      }
      return { attestations, failures };
    },
  };
}
