// One entry in a list of referrers: a descriptor with a type. OCI distribution-spec, "Listing Referrers".
import { type Digest, hexOf, isDigest } from '../model/digest.ts';
import { isRecord } from '../text/json.ts';
import type { Descriptor } from '../model/subject.ts';
import { recordIn } from './listing.ts';

export interface Referrer extends Descriptor {
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The tag that contains the list if the registry has no Referrers API. */
export function fallbackTag(digest: Digest): string {
  return `sha256-${hexOf(digest)}`;
}

/** Bytes: an entry with a digest cannot be shorter, and a list may contain millions of such entries. */
const SHORTEST_ENTRY = 90;

/** One entry of a list, without its annotations: they may be megabytes, and are not trusted. */
export function referrerIn(json: Buffer): Referrer | undefined {
  if (json.length < SHORTEST_ENTRY) return undefined;
  const referrer = toReferrer(recordIn(json));
  if (!referrer) return undefined;
  const { mediaType, digest, size, artifactType } = referrer;
  return { mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }) };
}

/** The well-formed descriptors of an index. */
export function parseReferrers(index: unknown): readonly Referrer[] {
  const manifests = isRecord(index) ? index['manifests'] : undefined;
  const entries = Array.isArray(manifests) ? (manifests as unknown[]) : [];
  return entries.map(toReferrer).filter((referrer) => referrer !== undefined);
}

function toReferrer(entry: unknown): Referrer | undefined {
  if (!isRecord(entry)) return undefined;
  const { mediaType, digest, size, artifactType, annotations } = entry;
  if (typeof mediaType !== 'string' || !isDigest(digest)) return undefined;
  if (typeof size !== 'number' || !(size >= 0)) return undefined;
  return {
    mediaType,
    digest,
    size,
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
    ...(isRecord(annotations)
      ? { annotations: annotations as Readonly<Record<string, string>> }
      : {}),
  };
}
