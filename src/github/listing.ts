// The list of attestations for a digest, page by page and entry by entry as it arrives; the caller reads the bundles.
import { ActionError } from '../errors.ts';
import { nextLinkIn } from '../http/link.ts';
import type { HttpAnswer, Sink, Transport } from '../http/message.ts';
import type { Digest } from '../model/digest.ts';
import { JsonListReader } from '../text/json-list.ts';
import { attestationsPath, type GitHubApi, isRepository, type Scope } from './api.ts';
import { brokenOff, refusal, tooMuch, unlisted } from './failures.ts';

/** What is listed, and by which client. */
export interface Query {
  readonly api: GitHubApi;
  /** For bundles, which are elsewhere and must not receive the token. */
  readonly transport: Transport;
  /** `owner/name`, or an owner. */
  readonly of: string;
  readonly digest: Digest;
  readonly signal?: AbortSignal;
}

export interface ListedAttestation {
  /** Position in the list, for messages. */
  readonly position: number;
  /** The entry, as unparsed JSON. */
  readonly json: Buffer;
}

export interface Listed {
  readonly count: number;
  /** Why there may be more. */
  readonly failures: readonly ActionError[];
}

const PAGE = 100;
const PAGES = 5;
/** Bytes of an entry: it may contain a bundle, with escaped quotes. */
const ENTRY_LIMIT = 20 << 20;

type OnEntry = (json: Buffer) => void;

/** Passes on each entry once, as soon as it arrives. Never throws. */
export async function listAttestations(
  query: Query,
  take: (attestation: ListedAttestation) => void,
): Promise<Listed> {
  let count = 0;
  const onEntry = (json: Buffer): void => {
    count++;
    take({ position: count, json: Buffer.from(json) });
  };
  const failures: ActionError[] = [];
  for await (const page of pagesOf(query, onEntry)) failures.push(...page.failures);
  return { count, failures };
}

interface Page {
  /** The query for the page after this one. */
  readonly next?: string | undefined;
  readonly failures: readonly ActionError[];
}

/** Yields each page after its entries have been passed on; a list over the limit ends with a failure. */
async function* pagesOf(query: Query, onEntry: OnEntry): AsyncGenerator<Page> {
  let after: string | undefined;
  for (let number = 0; number < PAGES; number++) {
    const page = await readPage(query, after, onEntry);
    yield page;
    if (page.next === undefined) return;
    after = page.next;
  }
  const { of, digest } = query;
  yield { failures: [tooMuch(of, digest, `more than ${PAGE * PAGES}`)] };
}

async function readPage(query: Query, after: string | undefined, onEntry: OnEntry): Promise<Page> {
  const { of } = query;
  const entries = new PageEntries(onEntry);
  try {
    const answer = await askForPage(query, after, () => entries.restart());
    if (answer.status === 404)
      return { failures: isAboutDigest(answer, query) ? [] : [unlisted(of)] };
    if (answer.status !== 200) {
      return { failures: [refusal('list the attestations', of, 'read', answer)] };
    }
    return pageIn(answer, entries.end(), of);
  } catch (error) {
    return { failures: [error instanceof ActionError ? error : brokenOff(of, error)] };
  }
}

/** Whether the response is from the list of attestations, also of a renamed repository, and not from a page that GitHub or a proxy redirects to. */
function isAboutDigest({ url }: HttpAnswer, { digest }: Query): boolean {
  return decodeURIComponent(url.pathname).endsWith(`/attestations/${digest}`);
}

/** A truncated page is requested again and contains its first entries once more: each is passed on once. */
class PageEntries {
  readonly #onEntry: OnEntry;
  #reader: JsonListReader;
  /** Position of the next entry in this attempt. */
  #index = 0;
  #taken = 0;

  constructor(onEntry: OnEntry) {
    this.#onEntry = onEntry;
    this.#reader = this.#openReader();
  }

  restart(): Sink {
    this.#index = 0;
    this.#reader = this.#openReader();
    return (chunk) => this.#reader.write(chunk);
  }

  end(): ReturnType<JsonListReader['end']> {
    return this.#reader.end();
  }

  #openReader(): JsonListReader {
    const onEntry = (json: Buffer): void => this.#take(json);
    return new JsonListReader({ list: 'attestations', entryLimit: ENTRY_LIMIT, onEntry });
  }

  #take(json: Buffer): void {
    this.#index++;
    if (this.#index <= this.#taken) return;
    this.#taken++;
    this.#onEntry(json);
  }
}

async function askForPage(
  { api, of, digest, signal }: Query,
  after: string | undefined,
  sink: () => Sink,
): Promise<HttpAnswer> {
  const query = new URLSearchParams({ per_page: String(PAGE), ...(after ? { after } : {}) });
  const list = (scope: Scope): Promise<HttpAnswer> => {
    const path = `${attestationsPath(scope, of)}/${encodeURIComponent(digest)}`;
    return api.get(`${path}?${query.toString()}`, { signal, sink });
  };
  if (isRepository(of)) return list('repos');
  const answer = await list('orgs');
  return answer.status === 404 ? list('users') : answer;
}

/** Fails if there may be more entries than could be parsed. */
function pageIn(
  { headers }: HttpAnswer,
  { isWhole, hasList, tooLarge }: ReturnType<JsonListReader['end']>,
  of: string,
): Page {
  const link = nextLinkIn(headers);
  const next = URL.parse(link ?? '')?.searchParams.get('after') ?? undefined;
  const isUnderstood = isWhole && hasList && tooLarge === 0;
  const hasNext = link === undefined || next !== undefined;
  return { next, failures: isUnderstood && hasNext ? [] : [unlisted(of)] };
}
