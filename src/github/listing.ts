// The list of attestations of a digest, page by page and entry by entry as it arrives; the caller reads the bundles.
import { ActionError } from '../errors.ts';
import type { HttpAnswer, Sink, Transport } from '../http/message.ts';
import type { Digest } from '../model/digest.ts';
import { JsonListReader } from '../text/json-list.ts';
import type { GitHubApi } from './api.ts';
import { brokenOff, refusal, tooMuch, unlisted } from './failures.ts';

/** What is read, and by whom. */
export interface Query {
  readonly api: GitHubApi;
  /** For bundles, which lie elsewhere and must not see the token. */
  readonly transport: Transport;
  /** `owner/name`, or an owner. */
  readonly of: string;
  readonly digest: Digest;
  readonly signal?: AbortSignal;
}

export interface ListedAttestation {
  /** Number in the order of the list, for people. */
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
/** Bytes of an entry: a bundle may be in it, in which quotes are escaped. */
const ENTRY_LIMIT = 20 << 20;

/** Passes on each entry once, as soon as it arrives. Never throws. */
export async function listAttestations(
  query: Query,
  take: (attestation: ListedAttestation) => void,
): Promise<Listed> {
  const { of, digest } = query;
  const failures: ActionError[] = [];
  let after: string | undefined;
  let count = 0;
  for (let number = 0; number < PAGES; number++) {
    const page = await readPage(query, after, (json) => {
      take({ position: ++count, json: Buffer.from(json) });
    });
    failures.push(...page.failures);
    if (page.next === undefined) return { count, failures };
    after = page.next;
  }
  failures.push(tooMuch(of, digest, `more than ${PAGE * PAGES}`));
  return { count, failures };
}

interface Page {
  /** What to ask for the page behind this one with. */
  readonly next?: string | undefined;
  readonly failures: readonly ActionError[];
}

async function readPage(
  query: Query,
  after: string | undefined,
  onEntry: (json: Buffer) => void,
): Promise<Page> {
  const { of } = query;
  let [index, taken] = [0, 0];
  const takeOnce = (json: Buffer): void => {
    // A page that breaks off is asked for again, and gives its first entries once more.
    if (index++ < taken) return;
    taken++;
    onEntry(json);
  };
  let reader = openReader(takeOnce);
  const sink = (): Sink => {
    index = 0;
    reader = openReader(takeOnce);
    return (chunk) => reader.write(chunk);
  };
  try {
    const answer = await askForPage(query, after, sink);
    if (answer.status === 404) return { failures: [] };
    if (answer.status !== 200) {
      return { failures: [refusal('list the attestations', of, 'read', answer)] };
    }
    return pageIn(answer, reader, of);
  } catch (error) {
    return { failures: [error instanceof ActionError ? error : brokenOff(of, error)] };
  }
}

function openReader(onEntry: (json: Buffer) => void): JsonListReader {
  return new JsonListReader({ list: 'attestations', entryLimit: ENTRY_LIMIT, onEntry });
}

async function askForPage(
  { api, of, digest, signal }: Query,
  after: string | undefined,
  sink: () => Sink,
): Promise<HttpAnswer> {
  const query = new URLSearchParams({ per_page: String(PAGE), ...(after ? { after } : {}) });
  const list = (...scope: readonly string[]): Promise<HttpAnswer> => {
    const path = [...scope, 'attestations', digest].map(encodeURIComponent).join('/');
    return api.get(`/${path}?${query.toString()}`, { signal, sink });
  };
  const [owner = '', name] = of.split('/');
  if (name !== undefined) return list('repos', owner, name);
  const answer = await list('orgs', owner);
  return answer.status === 404 ? list('users', owner) : answer;
}

/** Fails where there may be more than could be understood. */
function pageIn({ headers }: HttpAnswer, reader: JsonListReader, of: string): Page {
  const { isWhole, hasList, tooLarge } = reader.end();
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  const next = URL.parse(link ?? '')?.searchParams.get('after') ?? undefined;
  const isUnderstood = isWhole && hasList && tooLarge === 0;
  const hasNext = link === undefined || next !== undefined;
  return { next, failures: isUnderstood && hasNext ? [] : [unlisted(of)] };
}
