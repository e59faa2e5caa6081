// Lists the referrers of a manifest: reads and merges the Referrers API and the fallback tag. OCI distribution-spec, "Listing Referrers".
import { ActionError, actionErrorsOf } from '../errors.ts';
import { nextLinkIn } from '../http/link.ts';
import type { Digest } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import type { Looked } from '../model/verdict.ts';
import type { RegistryClient } from './client.ts';
import { noteReferrersApi, noteSizeOfList, referrersApiOf } from './known-lists.ts';
import { ENTRY_LIMIT, type Listing, readListing, readTaggedListing } from './listing.ts';
import { isManifestType, OCI_INDEX } from './media-types.ts';
import { fallbackTag, type Referrer, referrerIn } from './referrer.ts';

/** Receives the referrers of one list as they arrive, some of them again if the list was truncated and requested again. */
export interface Collector {
  take(referrer: Referrer): void;
  /** Not called if the response is not a list of referrers. */
  end(): void;
}

export interface Place {
  readonly looked: readonly Looked[];
  /** Why the list may be incomplete, so that an empty result proves nothing. */
  readonly failures: readonly ActionError[];
}

export interface Referrers extends Place {
  readonly referrers: readonly Referrer[];
}

const PAGES = 50;
/** Responses of registries without the API: 404 by the specification; others have been observed. */
const UNSUPPORTED = [400, 404, 405, 406, 415, 501];

/** Asks for the referrers of this manifest if nothing is known yet; false if the registry gives no answer. */
export async function needsFallbackTag(client: RegistryClient, digest: Digest): Promise<boolean> {
  if (referrersApiOf(client) === undefined) await listLinkedReferrers(client, digest);
  return referrersApiOf(client) === 'absent';
}

/** One listing for each source: none rejects, and none waits for another that does not respond. */
export function listEachPlace(
  client: RegistryClient,
  digest: Digest,
  signal: AbortSignal | undefined,
  collect: () => Collector,
): readonly Promise<Place>[] {
  const tag = `tag ${fallbackTag(digest)}`;
  return [
    listPlace('referrers API', collect(), (take) => fromApi(client, digest, take, signal)),
    listPlace(tag, collect(), (take) => fromTag(client, digest, take, signal)),
  ];
}

/** Referrers that the registry itself lists, without the tag: to find our own among them. */
export async function listLinkedReferrers(
  client: RegistryClient,
  digest: Digest,
): Promise<Referrers> {
  const taken: Referrer[] = [];
  const referrers: Referrer[] = [];
  const collector: Collector = {
    take: (each) => void taken.push(each),
    end: () => void referrers.push(...taken),
  };
  const place = await listPlace('referrers API', collector, async (take) => {
    const ended = await fromApi(client, digest, take, undefined);
    // Without the API, the fallback tag lists what was written.
    return ended.kind === 'list' ? ended : noList(ended.answer);
  });
  return { ...place, referrers };
}

type Take = (referrer: Referrer) => void;

/** Passes on and counts the entries of a list that are descriptors. */
class Entries {
  count = 0;
  readonly take: (json: Buffer) => void;

  constructor(take: Take) {
    this.take = (json) => {
      const referrer = referrerIn(json);
      if (!referrer) return;
      this.count++;
      take(referrer);
    };
  }
}

interface Ended {
  readonly answer: string;
  /** Why the list is incomplete, if it is. */
  readonly failures: readonly ActionError[];
  readonly kind: 'list' | 'no list';
}

async function listPlace(
  place: string,
  collector: Collector,
  read: (take: Take) => Promise<Ended>,
): Promise<Place> {
  try {
    const { answer, failures, kind } = await read((referrer) => collector.take(referrer));
    if (kind === 'list') collector.end();
    return { looked: [{ place, answer }], failures };
  } catch (error) {
    collector.end();
    return { looked: [{ place, answer: 'could not be read' }], failures: actionErrorsOf(error) };
  }
}

async function fromApi(
  client: RegistryClient,
  digest: Digest,
  take: Take,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  const entries = new Entries(take);
  const readPage = (path: string | URL, accepted: readonly number[]): Promise<Listing> =>
    readListing(client, {
      path,
      list: 'manifests',
      purpose: 'list the referrers in',
      accept: OCI_INDEX,
      accepted,
      onEntry: entries.take,
      signal,
    });
  const first = await readPage(`referrers/${digest}`, [200, ...UNSUPPORTED]);
  const isList = first.status === 200 && first.contentType === OCI_INDEX;
  noteReferrersApi(client, isList ? 'present' : 'absent');
  if (first.status !== 200) return noList(`${first.status}`);
  if (!isList) {
    const state = `not an index (${first.contentType || 'no type'})`;
    // A web page is the response of some registries without the API, and of proxies in front of those that have it.
    return noList(state, notAll(client, 'SERVICE_ANSWER', `the response is ${state}`));
  }
  const failures = await readOn(client, first, (url) => readPage(url, [200])).then(
    (pages) => faultsOf(client, pages),
    actionErrorsOf,
  );
  return listed(entries.count, failures);
}

function noList(answer: string, ...failures: readonly ActionError[]): Ended {
  return { answer, failures, kind: 'no list' };
}

function listed(count: number, failures: readonly ActionError[]): Ended {
  const answer = `${count} listed${failures.length > 0 ? ' (incomplete)' : ''}`;
  return { answer, failures, kind: 'list' };
}

/** The pages after the first: RFC 8288, each link relative to the page that contains it. */
async function readOn(
  client: RegistryClient,
  first: Listing,
  readPage: (url: URL) => Promise<Listing>,
): Promise<readonly Listing[]> {
  const pages = [first];
  for (;;) {
    const last = pages.at(-1) ?? first;
    const link = nextLinkIn(last.headers);
    if (link === undefined) return pages;
    if (pages.length === PAGES) {
      throw notAll(client, 'LIMIT_EXCEEDED', `the list has more than ${PAGES} pages`);
    }
    const url = URL.parse(link, last.url.href);
    const number = pages.length + 1;
    if (url?.origin !== client.origin.origin) {
      const address = url?.origin ?? link;
      throw notAll(client, 'SERVICE_ANSWER', `page ${number} is on another server, "${address}"`);
    }
    const page = await readPage(url);
    if (page.contentType !== OCI_INDEX) {
      const type = page.contentType || 'no type';
      throw notAll(client, 'SERVICE_ANSWER', `page ${number} is not an index (${type})`);
    }
    pages.push(page);
  }
}

/** A list response that is not a list, and entries that are too large. */
function faultsOf(client: RegistryClient, listings: readonly Listing[]): readonly ActionError[] {
  const broken = listings.filter(({ isWhole, hasList }) => !isWhole || !hasList);
  const tooLarge = listings.reduce((sum, listing) => sum + listing.tooLarge, 0);
  return [
    ...broken.map(() => notAll(client, 'SERVICE_ANSWER', 'a response is not a JSON list')),
    ...(tooLarge > 0
      ? [
          notAll(
            client,
            'LIMIT_EXCEEDED',
            `${tooLarge} entries are larger than ${ENTRY_LIMIT} bytes`,
          ),
        ]
      : []),
  ];
}

function notAll(
  client: RegistryClient,
  code: 'LIMIT_EXCEEDED' | 'SERVICE_ANSWER',
  state: string,
): ActionError {
  return new ActionError('service', code, {
    message: `Cannot list all referrers of the image in "${formatRepository(client.repository)}": ${state}`,
    remedy:
      code === 'LIMIT_EXCEEDED'
        ? 'remove referrers that are no longer needed (each signing run adds one)'
        : `check that ${client.origin.host} is the registry`,
  });
}

async function fromTag(
  client: RegistryClient,
  digest: Digest,
  take: Take,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  const entries = new Entries(take);
  const listing = await readTaggedListing(client, fallbackTag(digest), {
    list: 'manifests',
    onEntry: entries.take,
    signal,
  });
  if (!listing) {
    noteSizeOfList(client, digest, 0);
    return noList('absent');
  }
  // GitLab resolves the tag sha256-<hex> to the manifest of that digest if there is no such tag.
  const state = 'not a list of referrers';
  if (listing.digest === digest) return noList(state);
  if (!isManifestType(listing.mediaType)) {
    return noList(state, notAll(client, 'SERVICE_ANSWER', 'the response is not a manifest'));
  }
  if (listing.mediaType !== OCI_INDEX) return noList(state);
  if (listing.hasList) noteSizeOfList(client, digest, listing.size);
  return listed(entries.count, faultsOf(client, [listing]));
}
