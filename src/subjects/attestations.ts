// BuildKit's statements about the platforms of an image, in attestation manifests next to them.
// https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
import { sideBySide } from '../concurrency/side-by-side.ts';
import { ActionError } from '../errors.ts';
import type { Attested } from '../model/found.ts';
import { type Digest, isDigest } from '../model/digest.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import { NAMED_TYPES } from '../model/types.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readBlob, readManifest } from '../registry/content.ts';
import { isRecord } from '../text/json.ts';
import { readImageTree, type TreeManifest } from './image-tree.ts';

export interface StatedPart {
  readonly subject: Subject;
  readonly attestations: readonly Attestation[];
}

export interface Attestation {
  /** The attestation manifest, which signatures are about. */
  readonly subject: Subject;
  readonly attested: Attested;
}

/** Attestation manifests of one image, and statements in one of them: BuildKit writes one for a platform, with one provenance. */
const MANIFESTS = 64;
const STATEMENTS = 4;
/** Bytes of all statements of one image; provenance in the mode "max" has up to a megabyte. */
const BYTES = 64 << 20;
const WIDTH = 8;
const IN_TOTO = 'application/vnd.in-toto+json';
const PREDICATE_TYPE = 'in-toto.io/predicate-type';

/** Only provenance. Empty for an image without an index; throws `ActionError`s. */
export async function readAttestations(
  client: RegistryClient,
  image: Subject,
  signal: AbortSignal,
): Promise<readonly StatedPart[]> {
  const [, ...listed] = await readImageTree(client, image.digest, 'as listed');
  const manifests = listed.filter(({ role }) => role.kind === 'attestation');
  if (manifests.length > MANIFESTS) throw beyond(image, `${manifests.length} attestations`);
  let read = 0;
  const onBytes = (count: number): void => {
    read += count;
    if (read > BYTES) throw beyond(image, `attestations of more than ${BYTES} bytes`);
  };
  const all = await sideBySide(manifests, WIDTH, (manifest) =>
    readStatements(client, manifest, { signal, onBytes }),
  );
  const attestations = all.flat();
  return listed
    .filter(({ role }) => role.kind === 'platform')
    .map(({ digest }) => ({
      subject: { repository: image.repository, digest },
      attestations: attestations.filter(({ attested }) => attested.image === digest),
    }));
}

async function readStatements(
  client: RegistryClient,
  { digest, role }: TreeManifest,
  options: Parameters<typeof readBlob>[3],
): Promise<readonly Attestation[]> {
  const manifest = await readManifest(client, digest, options.signal);
  if (!manifest || role.kind !== 'attestation') return [];
  const layers = provenanceIn(manifest.json).slice(0, STATEMENTS);
  return sideBySide(layers, STATEMENTS, async (layer) => ({
    subject: { repository: client.repository, digest },
    attested: {
      image: role.of,
      manifest: manifest.bytes,
      statement: await readBlob(client, layer.digest, layer.size, options),
    },
  }));
}

interface Layer {
  readonly digest: Digest;
  readonly size: number;
}

function provenanceIn({ layers }: Readonly<Record<string, unknown>>): readonly Layer[] {
  if (!Array.isArray(layers)) return [];
  return (layers as unknown[]).filter(isRecord).flatMap(({ mediaType, digest, size, ...rest }) => {
    const { annotations } = rest;
    const type = isRecord(annotations) ? annotations[PREDICATE_TYPE] : undefined;
    if (mediaType !== IN_TOTO || !isDigest(digest) || typeof size !== 'number') return [];
    if (!(size >= 0 && size <= BYTES)) return [];
    return NAMED_TYPES['provenance']?.some((each) => each === type) ? [{ digest, size }] : [];
  });
}

function beyond(image: Subject, state: string): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot read what BuildKit states about "${formatSubject(image)}": it has ${state}`,
    remedy: 'sign the image itself, or name the digests of its platforms in "images"',
  });
}
