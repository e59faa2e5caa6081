// The attestation store: bundles by repository and subject digest, listed in pages with cursors.
import { isObject } from '../answer.ts';

export interface StoredAttestation {
  readonly id: number;
  readonly repository: string;
  readonly bundle: Record<string, unknown>;
  readonly subjects: readonly string[];
  readonly predicateType: string;
  readonly initiator: string;
  /** Milliseconds since 1970. */
  readonly recorded: number;
}

export interface Page {
  readonly attestations: readonly StoredAttestation[];
  /** Cursor of the next page. */
  readonly next: string | undefined;
}

/** GitHub's short names for predicate types. */
const shortNames: Readonly<Record<string, RegExp>> = {
  provenance: /^https:\/\/slsa\.dev\/provenance\//,
  sbom: /^https:\/\/(spdx\.dev\/Document|cyclonedx\.org\/bom)/,
  release: /^https:\/\/in-toto\.io\/attestation\/release\//,
};

export class AttestationStore {
  readonly #stored: StoredAttestation[] = [];

  /** Throws an Error that says why the bundle is not accepted. */
  add(repository: string, bundle: unknown, initiator = 'user'): StoredAttestation {
    const { subjects, predicateType } = readBundle(bundle);
    const id = 1_000_000 + this.#stored.length;
    const stored = {
      id,
      repository,
      bundle: bundle as Record<string, unknown>,
      subjects,
      predicateType,
      initiator,
      recorded: Date.now(),
    };
    this.#stored.push(stored);
    return stored;
  }

  find(id: number): StoredAttestation | undefined {
    return this.#stored.find((attestation) => attestation.id === id);
  }

  /** What was recorded until then, newest first. */
  list(
    owned: (repository: string) => boolean,
    digest: string,
    query: URLSearchParams,
    until = Infinity,
  ): Page {
    const wanted = query.get('predicate_type');
    const matches = this.#stored
      .filter(
        ({ repository, subjects, recorded }) =>
          owned(repository.toLowerCase()) && subjects.includes(digest) && recorded <= until,
      )
      .filter(
        ({ predicateType }) =>
          wanted === null || (shortNames[wanted]?.test(predicateType) ?? predicateType === wanted),
      )
      .reverse();
    const after = query.get('after');
    const start = after === null ? 0 : matches.findIndex(({ id }) => cursor(id) === after) + 1;
    const size = Math.min(Number(query.get('per_page') ?? 30), 100);
    const attestations = matches.slice(start, start + size);
    const last = attestations.at(-1);
    const more = last !== undefined && start + size < matches.length;
    return { attestations, next: more ? cursor(last.id) : undefined };
  }
}

function readBundle(bundle: unknown): Pick<StoredAttestation, 'subjects' | 'predicateType'> {
  if (!isObject(bundle)) throw new Error('invalid bundle: not an object');
  const { mediaType, verificationMaterial, dsseEnvelope: envelope } = bundle;
  if (!isObject(verificationMaterial))
    throw new Error('invalid bundle: missing verification material');
  if (!String(mediaType).startsWith('application/vnd.dev.sigstore.bundle'))
    throw new Error('invalid bundle: unsupported media type');
  if (!isObject(envelope) || !Array.isArray(envelope['signatures']))
    throw new Error('invalid bundle: missing DSSE envelope');
  const statement: unknown = JSON.parse(
    Buffer.from(String(envelope['payload']), 'base64').toString(),
  );
  if (!isObject(statement) || !Array.isArray(statement['subject']))
    throw new Error('invalid bundle: payload is not an in-toto statement');
  const subjects = statement['subject'].flatMap((subject: unknown) => {
    const digest =
      isObject(subject) && isObject(subject['digest']) ? subject['digest']['sha256'] : undefined;
    return typeof digest === 'string' ? [`sha256:${digest}`] : [];
  });
  return { subjects, predicateType: String(statement['predicateType']) };
}

function cursor(id: number): string {
  return Buffer.from(`cursor:${id}`).toString('base64');
}
