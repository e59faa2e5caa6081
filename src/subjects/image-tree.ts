// The tree of an image: an index, the manifests of its platforms, and their attestation manifests from BuildKit.
// OCI image-spec image-index.md, and BuildKit's docs/attestations/attestation-storage.md.
import { sideBySide } from '../concurrency/side-by-side.ts';
import { ActionError } from '../errors.ts';
import type { Digest } from '../model/digest.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { formatRepository } from '../model/reference.ts';
import type { Descriptor } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readManifest } from '../registry/content.ts';
import { isProblem } from '../text/parsed.ts';
import { entriesIn, isIndexType, type ListedManifest, type Role } from './index-entries.ts';

export interface TreeManifest extends Descriptor {
  readonly role: Role;
  /** Digests of the indexes above it, the root first; empty for the root. */
  readonly path: readonly Digest[];
}

/**
 * `read`: every manifest is read, and must match its entry in the index. `as listed`: only indexes are read; the entries for the others are
 * trusted, because the digest of the index covers them.
 */
export type Leaves = 'read' | 'as listed';

/** Depth of nested indexes. Real images have one or two levels. */
export const DEEPEST = 4;
/** Manifests in one tree. Real images have up to thirty, with attestations. */
export const MOST = 256;
/** Concurrent requests. */
const WIDTH = 8;

/** The root first, then level by level in the order of the lists; each manifest once. Throws `ActionError`s. */
export async function readImageTree(
  client: RegistryClient,
  root: Digest,
  leaves: Leaves,
): Promise<NonEmpty<TreeManifest>> {
  const top = await readNode(client, root, []);
  const first: TreeManifest = { ...top.descriptor, role: top.role, path: [] };
  const tree = new Map<Digest, TreeManifest>([[root, first]]);
  let level: readonly Listing[] = [{ digest: root, path: [], entries: top.entries }];
  for (let depth = 1; level.length > 0; depth++) {
    const fresh = addTo(tree, level, client);
    const unread = fresh.filter(({ mediaType }) => leaves === 'read' || isIndexType(mediaType));
    if (depth === DEEPEST && unread.some(({ mediaType }) => isIndexType(mediaType)))
      throw beyond(client, root, `it has indexes more than ${DEEPEST} levels deep`);
    const listings = await sideBySide(unread, WIDTH, (each) => readListed(client, each));
    level = listings.filter(({ entries }) => entries.length > 0);
  }
  const [, ...others] = tree.values();
  return [first, ...others];
}

interface Listing {
  readonly digest: Digest;
  readonly path: readonly Digest[];
  readonly entries: readonly ListedManifest[];
}

interface Node {
  readonly descriptor: Descriptor;
  readonly role: Role;
  readonly entries: readonly ListedManifest[];
}

async function readNode(
  client: RegistryClient,
  digest: Digest,
  path: readonly Digest[],
): Promise<Node> {
  const manifest = await readManifest(client, digest);
  if (!manifest) throw missing(client, digest, path);
  const { mediaType, size, json } = manifest;
  const descriptor = { mediaType, digest, size };
  const entries = entriesIn({ mediaType, json });
  if (isProblem(entries)) throw unreadable(client, digest, entries.problem);
  const role: Role = isIndexType(mediaType) ? { kind: 'index' } : { kind: 'platform' };
  return { descriptor, role, entries: entries.value };
}

/** A manifest that differs from its entry in the index would mean one thing here and another to a client that runs it. */
async function readListed(client: RegistryClient, listed: TreeManifest): Promise<Listing> {
  const { digest, path } = listed;
  const { descriptor, entries } = await readNode(client, digest, path);
  if (descriptor.mediaType !== listed.mediaType || descriptor.size !== listed.size) {
    const state = `its index lists ${listed.size} bytes of ${listed.mediaType}, and it has ${descriptor.size} of ${descriptor.mediaType}`;
    throw unreadable(client, digest, state);
  }
  return { digest, path, entries };
}

/** Adds and returns what is not in the tree yet. */
function addTo(
  tree: Map<Digest, TreeManifest>,
  level: readonly Listing[],
  client: RegistryClient,
): readonly TreeManifest[] {
  const fresh: TreeManifest[] = [];
  for (const listing of level) {
    const path = [...listing.path, listing.digest];
    for (const entry of listing.entries) {
      const known = tree.get(entry.digest);
      const added = known ? again(known, entry, client) : { ...entry, path };
      tree.set(entry.digest, added);
      if (!known) fresh.push(added);
      if (tree.size > MOST) throw beyond(client, path[0], `it has more than ${MOST} manifests`);
    }
  }
  return fresh;
}

/** A manifest may be listed again; one that any list allows to run is not an attestation. */
function again(known: TreeManifest, entry: ListedManifest, client: RegistryClient): TreeManifest {
  if (known.mediaType !== entry.mediaType || known.size !== entry.size)
    throw unreadable(client, entry.digest, 'it is listed twice, with different types or sizes');
  return known.role.kind === 'attestation' ? { ...known, role: entry.role } : known;
}

function beyond(client: RegistryClient, root: Digest | undefined, state: string): ActionError {
  return new ActionError('input', 'LIMIT_EXCEEDED', {
    message: `Cannot read what belongs to "${formatRepository(client.repository)}@${root ?? ''}": ${state}`,
    remedy: 'leave "recursive" out, and name the digests in "images" that are used',
  });
}

function missing(client: RegistryClient, digest: Digest, path: readonly Digest[]): ActionError {
  const parent = path.at(-1);
  const why = parent === undefined ? '' : `, which index ${parent} lists`;
  return new ActionError('input', 'SUBJECT_MISSING', {
    message: `Cannot find ${digest}${why}: "${formatRepository(client.repository)}" has no such manifest`,
    remedy: 'check that the image was pushed whole, with all of its platforms',
  });
}

function unreadable(client: RegistryClient, digest: Digest, state: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot read the image "${formatRepository(client.repository)}@${digest}": ${state}`,
    remedy:
      'find out how the image was built and pushed: "docker buildx imagetools inspect --raw" shows what the registry has',
  });
}
