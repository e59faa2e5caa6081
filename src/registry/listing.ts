// Streams the entries of a list manifest: anyone with push access can make it a hundred megabytes, and only its entries matter.
import { createHash } from 'node:crypto';
import { type Digest, isDigest } from '../model/digest.ts';
import { isProblem } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { JsonListReader } from '../text/json-list.ts';
import type { RegistryClient } from './client.ts';
import { mismatch } from './content.ts';
import { ACCEPT_MANIFESTS, mediaTypeOf } from './media-types.ts';

/** Bytes, as go-containerregistry reads. */
export const LISTING_LIMIT = 100 << 20;

/** Bytes of an entry that is looked at: a descriptor has some hundred, one with a signature in its annotations some ten thousand. */
export const ENTRY_LIMIT = 4 << 20;
/** Commas and brackets of an entry. */
const ENTRY_VALUES = 1000;

/** An entry as JSON; undefined for what is none, and for what every reader may read differently. */
export function recordIn(entry: Buffer): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseStrictJson(entry, ENTRY_VALUES);
  return isProblem(parsed) || !isRecord(parsed.value) ? undefined : parsed.value;
}

export interface ListingRequest {
  /** Below `/v2/<name>/`, or a URL that the registry gave. */
  readonly path: string | URL;
  readonly list: 'manifests' | 'layers';
  readonly accept: string;
  readonly accepted: readonly number[];
  readonly purpose: string;
  readonly onEntry: (json: Buffer) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Listing {
  readonly status: number;
  readonly headers: Headers;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Of the Content-Type. */
  readonly contentType: string;
  /** Of the document, else of the Content-Type. */
  readonly mediaType: string;
  readonly digest: Digest;
  /** Whether it is a JSON object, and whether the list is in it. */
  readonly isWhole: boolean;
  readonly hasList: boolean;
  /** Entries that were over the limit. */
  readonly tooLarge: number;
}

/** An attempt that breaks off has handed over its entries, and the next one hands them over again. */
export async function readListing(
  client: RegistryClient,
  { path, list, accept, accepted, purpose, onEntry, signal }: ListingRequest,
): Promise<Listing> {
  let reader = new JsonListReader({ list, entryLimit: ENTRY_LIMIT, onEntry });
  let hash = createHash('sha256');
  const answer = await client.send(
    {
      method: 'GET',
      path,
      purpose,
      limit: LISTING_LIMIT,
      headers: { accept },
      sink: () => {
        reader = new JsonListReader({ list, entryLimit: ENTRY_LIMIT, onEntry });
        hash = createHash('sha256');
        return (chunk) => {
          reader.write(chunk);
          hash.update(chunk);
        };
      },
      ...(signal ? { signal } : {}),
    },
    accepted,
  );
  const { status, headers, url } = answer;
  const contentType = mediaTypeOf(headers);
  const { isWhole, hasList, tooLarge, mediaType } = reader.end();
  return {
    status,
    headers,
    url,
    contentType,
    mediaType: mediaType || contentType,
    digest: `sha256:${hash.digest('hex')}`,
    isWhole,
    hasList,
    tooLarge,
  };
}

/** The list under a tag; undefined when there is no such tag. */
export async function readTaggedListing(
  client: RegistryClient,
  tag: string,
  request: Pick<ListingRequest, 'list' | 'onEntry' | 'signal'>,
): Promise<Listing | undefined> {
  const listing = await readListing(client, {
    ...request,
    path: `manifests/${tag}`,
    purpose: `read the manifest ${tag} from`,
    accept: ACCEPT_MANIFESTS,
    accepted: [200, 404],
  });
  if (listing.status === 404) return undefined;
  const claimed = listing.headers.get('docker-content-digest');
  if (isDigest(claimed) && claimed !== listing.digest) {
    throw mismatch(client, claimed, listing.digest);
  }
  return listing;
}
