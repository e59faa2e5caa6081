// The entries of an index: their bytes are covered by its digest, but written by the builder of the image.
import { type Digest, isDigest } from '../model/digest.ts';
import type { Descriptor } from '../model/subject.ts';
import { MANIFEST_LIMIT, type Manifest } from '../registry/content.ts';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../registry/media-types.ts';
import { isRecord } from '../text/json.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export type Role =
  | { readonly kind: 'index' }
  /** An image to run; the platform is known if an index contains it. */
  | { readonly kind: 'platform'; readonly platform?: Platform }
  /** BuildKit's statements about the manifest with the digest `of`. */
  | { readonly kind: 'attestation'; readonly of: Digest };

export interface ListedManifest extends Descriptor {
  readonly role: Role;
}

const INDEX_TYPES = new Set([OCI_INDEX, DOCKER_LIST]);
const MANIFEST_TYPES = new Set([OCI_MANIFEST, DOCKER_MANIFEST]);
const UNKNOWN = 'unknown';

export function isIndexType(mediaType: string): boolean {
  return INDEX_TYPES.has(mediaType);
}

/** Empty for the manifest of a single image; a problem starts with "it". */
export function entriesIn({
  mediaType,
  json,
}: Pick<Manifest, 'mediaType' | 'json'>): Parsed<readonly ListedManifest[]> {
  const { manifests, layers } = json;
  if (MANIFEST_TYPES.has(mediaType) && manifests === undefined && Array.isArray(layers))
    return { value: [] };
  if (!isIndexType(mediaType) || !Array.isArray(manifests))
    return refused(`it is neither an index nor the manifest of an image, but "${mediaType}"`);
  const entries: ListedManifest[] = [];
  for (const manifest of manifests as unknown[]) {
    const entry = entryOf(manifest);
    if (isProblem(entry)) return entry;
    entries.push(entry.value);
  }
  return { value: entries };
}

function entryOf(json: unknown): Parsed<ListedManifest> {
  if (!isRecord(json)) return refused('it lists something that is not an object');
  const { digest, mediaType, size } = json;
  if (!isDigest(digest)) return refused('it lists a manifest without a sha256 digest');
  if (typeof mediaType !== 'string' || !(isIndexType(mediaType) || MANIFEST_TYPES.has(mediaType)))
    return refused(
      `it lists ${digest} as ${JSON.stringify(mediaType ?? null)}, which is not a manifest of an image`,
    );
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size <= 0 || size > MANIFEST_LIMIT)
    return refused(
      `it lists ${digest} with the size ${JSON.stringify(size ?? null)}, and a manifest has up to ${MANIFEST_LIMIT} bytes`,
    );
  return { value: { digest, mediaType, size, role: roleOf(mediaType, json) } };
}

function roleOf(mediaType: string, json: Readonly<Record<string, unknown>>): Role {
  if (isIndexType(mediaType)) return { kind: 'index' };
  const platform = platformIn(json['platform']);
  const subject = attestedIn(json['annotations']);
  // An annotation does not change a manifest that a client can choose to run.
  if (subject !== undefined && isNowhere(platform)) return { kind: 'attestation', of: subject };
  return platform ? { kind: 'platform', platform } : { kind: 'platform' };
}

function attestedIn(annotations: unknown): Digest | undefined {
  if (!isRecord(annotations)) return undefined;
  const { 'vnd.docker.reference.type': type, 'vnd.docker.reference.digest': digest } = annotations;
  return type === 'attestation-manifest' && isDigest(digest) ? digest : undefined;
}

function platformIn(json: unknown): Platform | undefined {
  if (!isRecord(json)) return undefined;
  const { os, architecture, variant } = json;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return typeof variant === 'string' ? { os, architecture, variant } : { os, architecture };
}

function isNowhere(platform: Platform | undefined): boolean {
  return !platform || (platform.os === UNKNOWN && platform.architecture === UNKNOWN);
}

function refused(problem: string): Problem {
  return { problem, remedy: 'look at it with "docker buildx imagetools inspect --raw"' };
}
