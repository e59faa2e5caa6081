// Streams the entries of a list manifest: anyone with push access can make it a hundred megabytes, and only its entries matter.
import { createHash } from 'node:crypto';
import type { ResponseHeaders } from '../http/message.ts';
import { type Digest, isDigest } from '../model/digest.ts';
import { isProblem } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { JsonListReader } from '../text/json-list.ts';
import type { RegistryClient } from './client.ts';
import { mismatch } from './content.ts';
import { ACCEPT_MANIFESTS, mediaTypeOf } from './media-types.ts';

/** Bytes: the limit of go-containerregistry. */
export const LISTING_LIMIT = 100 << 20;

/** Bytes of one entry: a descriptor has a few hundred, one with a signature in its annotations about ten thousand. */
export const ENTRY_LIMIT = 4 << 20;
/** Commas and brackets in an entry. */
const ENTRY_VALUES = 1000;

/** An entry as JSON; undefined for text that is not JSON, or that parsers could read differently. */
export function recordIn(entry: Buffer): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseStrictJson(entry, ENTRY_VALUES);
  return isProblem(parsed) || !isRecord(parsed.value) ? undefined : parsed.value;
}

export interface ListingRequest {
  /** Below `/v2/<name>/`, or a URL from the registry. */
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
  readonly headers: ResponseHeaders;
  /** The address of the response, after redirects. */
  readonly url: URL;
  /** The type in the Content-Type header. */
  readonly contentType: string;
  /** The type in the document, else in the Content-Type header. */
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Whether it is a JSON object that contains the list. */
  readonly isWhole: boolean;
  readonly hasList: boolean;
  /** Entries over the limit. */
  readonly tooLarge: number;
}

/** A truncated attempt has passed on its entries, and the next one passes them on again. */
export async function readListing(
  client: RegistryClient,
  { path, list, accept, accepted, purpose, onEntry, signal }: ListingRequest,
): Promise<Listing> {
  let reader = new JsonListReader({ list, entryLimit: ENTRY_LIMIT, onEntry });
  let hash = createHash('sha256');
  let size = 0;
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
        size = 0;
        return (chunk) => {
          reader.write(chunk);
          hash.update(chunk);
          size += chunk.byteLength;
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
    size,
    isWhole,
    hasList,
    tooLarge,
  };
}

/** The list under a tag; undefined if there is no such tag. */
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
