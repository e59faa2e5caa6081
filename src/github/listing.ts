// Reads the attestations of a digest batch by batch: the list in pages, each bundle inline or from a storage.
import { ActionError, messageOf, settle } from '../errors.ts';
import { whyRefused } from '../http/addresses.ts';
import type { HttpAnswer, Transport } from '../http/transport.ts';
import type { Digest } from '../model/digest.ts';
import { isRecord, parseJson } from '../model/parsed.ts';
import type { GitHubApi } from './api.ts';
import { brokenOff, refusal, tooMuch, unlisted, unreadable } from './failures.ts';
import { decodeSnappy } from './snappy.ts';

export interface Listing {
  readonly attestations: readonly StoredAttestation[];
  readonly failures: readonly ActionError[];
}

export interface StoredAttestation {
  /** Number in the order of the list, for people. */
  readonly position: number;
  readonly json: Buffer;
}

/** What is read, and by whom. */
export interface Reading {
  readonly api: GitHubApi;
  /** For bundles, which lie elsewhere and must not see the token. */
  readonly transport: Transport;
  /** `owner/name`, or an owner. */
  readonly of: string;
  readonly digest: Digest;
  readonly signal?: AbortSignal;
}

interface Page {
  readonly entries: readonly unknown[];
  /** What to ask for the page behind this one with. */
  readonly next?: string | undefined;
  readonly failures: readonly ActionError[];
}

const PAGE = 100;
const PAGES = 5;
const BUNDLE_LIMIT = 16 << 20;
const TOTAL_LIMIT = 128 << 20;
/** Bundles read at once. */
const WIDTH = 10;
/** Where there is no bundle, for the verifier to judge. */
const NO_BUNDLE = Buffer.from('null');

/** What cannot be read takes nothing from the others: it is a failure of its batch. */
export async function* readAttestations(reading: Reading): AsyncGenerator<Listing, void> {
  const { of, digest } = reading;
  const tooMany = (amount: string): Listing => ({
    attestations: [],
    failures: [tooMuch(of, digest, amount)],
  });
  let [bytes, position] = [0, 0];
  let after: string | undefined;
  for (let number = 0; number < PAGES; number++) {
    const { entries, next, failures } = await readPage(reading, after);
    yield { attestations: [], failures };
    for (let start = 0; start < entries.length; start += WIDTH) {
      if (bytes > TOTAL_LIMIT) {
        yield tooMany(`more than ${TOTAL_LIMIT} bytes`);
        return;
      }
      const batch = await settle(
        entries
          .slice(start, start + WIDTH)
          .map(async (entry) => ({ position: ++position, json: await bundleOf(entry, reading) })),
      );
      bytes += batch.values.reduce((sum, { json }) => sum + json.length, 0);
      yield { attestations: batch.values, failures: batch.failures };
    }
    if (next === undefined) return;
    after = next;
  }
  yield tooMany(`more than ${PAGE * PAGES}`);
}

async function readPage(reading: Reading, after: string | undefined): Promise<Page> {
  const { of } = reading;
  try {
    const answer = await askForPage(reading, after);
    if (answer.status === 200) return pageIn(answer, of);
    const isEmpty = answer.status === 404;
    return {
      entries: [],
      failures: isEmpty ? [] : [refusal('list the attestations', of, 'read', answer)],
    };
  } catch (error) {
    return { entries: [], failures: [error instanceof ActionError ? error : brokenOff(of, error)] };
  }
}

async function askForPage(
  { api, of, digest, signal }: Reading,
  after: string | undefined,
): Promise<HttpAnswer> {
  const query = new URLSearchParams({ per_page: String(PAGE), ...(after ? { after } : {}) });
  const list = (...scope: readonly string[]): Promise<HttpAnswer> => {
    const path = [...scope, 'attestations', digest].map(encodeURIComponent).join('/');
    return api.get(`/${path}?${query.toString()}`, signal);
  };
  const [owner = '', name] = of.split('/');
  if (name !== undefined) return list('repos', owner, name);
  const answer = await list('orgs', owner);
  return answer.status === 404 ? list('users', owner) : answer;
}

/** Fails where there may be more than could be understood. */
function pageIn({ body, headers }: HttpAnswer, of: string): Page {
  const json = parseJson(body.toString());
  const entries = isRecord(json) ? json['attestations'] : undefined;
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  const next = URL.parse(link ?? '')?.searchParams.get('after') ?? undefined;
  const isWhole = Array.isArray(entries) && (link === undefined || next !== undefined);
  return {
    entries: Array.isArray(entries) ? (entries as readonly unknown[]) : [],
    next,
    failures: isWhole ? [] : [unlisted(of)],
  };
}

/** Inline, or behind a signed URL of a storage. */
async function bundleOf(entry: unknown, { api, transport, signal }: Reading): Promise<Buffer> {
  if (!isRecord(entry)) return NO_BUNDLE;
  const { bundle, bundle_url: address } = entry;
  if (isRecord(bundle)) return serialize(bundle);
  const url = typeof address === 'string' ? URL.parse(address) : null;
  if (!url || url.username !== '' || url.password !== '') return NO_BUNDLE;
  const reason = await whyRefused(url, api.url);
  if (reason !== undefined) throw unreadable(url, reason);
  const { status, body } = await transport({
    method: 'GET',
    url,
    limit: BUNDLE_LIMIT,
    ...(signal ? { signal } : {}),
  });
  if (status !== 200) throw unreadable(url, `it answered ${status}`);
  try {
    return body[0] === 0x7b ? body : decodeSnappy(body, BUNDLE_LIMIT);
  } catch (error) {
    throw unreadable(url, `its body is not Snappy (${messageOf(error)})`);
  }
}

function serialize(bundle: object): Buffer {
  try {
    return Buffer.from(JSON.stringify(bundle));
  } catch {
    // The writer follows the nesting, and no bundle is nested that deep.
    return NO_BUNDLE;
  }
}
