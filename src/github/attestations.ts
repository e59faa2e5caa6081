// GitHub's attestation store: https://docs.github.com/rest/repos/attestations and .../orgs/attestations.
import { getOctokit } from '@actions/github';
import { type ActionError, messageOf, settle } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import type { Digest } from '../model/digest.ts';
import { isRecord } from '../model/parsed.ts';
import { refusal, statusOf, tooMuch, unlisted, unreadable } from './failures.ts';
import { decodeSnappy } from './snappy.ts';

export interface AttestationStore {
  /** Records a bundle in a repository (`owner/name`) and returns its id. */
  create(repository: string, bundle: Buffer): Promise<string>;
  /** The bundles about a digest that belong to a repository (`owner/name`) or to an owner; what cannot be read of them takes nothing from the others. */
  list(of: string, digest: Digest, signal: AbortSignal): Promise<Listing>;
}

export interface Listing {
  readonly attestations: readonly StoredAttestation[];
  readonly failures: readonly ActionError[];
}

export interface StoredAttestation {
  /** Number in the order of the list, for people. */
  readonly position: number;
  readonly json: Buffer;
}

interface Options {
  readonly apiUrl: string;
  readonly token: string;
  readonly transport: Transport;
}

const PAGE = 100;
const PAGES = 5;
const BUNDLE_LIMIT = 16 << 20;
const TOTAL_LIMIT = 128 << 20;
const ANSWER_LIMIT = 64 << 20;
/** Bundles read at once. */
const WIDTH = 10;

export function attestationStore({ apiUrl, token, transport }: Options): AttestationStore {
  const octokit = getOctokit(token, { baseUrl: apiUrl, request: { fetch: fetchBy(transport) } });

  const page = async (
    of: string,
    digest: Digest,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<Listed> => {
    const options = {
      subject_digest: digest,
      per_page: PAGE,
      ...(after ? { after } : {}),
      request: { signal },
    };
    const [owner = '', repo] = of.split('/');
    const ask = async (): Promise<{ data: unknown; headers: { link?: string | undefined } }> => {
      if (repo !== undefined)
        return octokit.request('GET /repos/{owner}/{repo}/attestations/{subject_digest}', {
          owner,
          repo,
          ...options,
        });
      try {
        return await octokit.request('GET /orgs/{org}/attestations/{subject_digest}', {
          org: owner,
          ...options,
        });
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
        return octokit.request('GET /users/{username}/attestations/{subject_digest}', {
          username: owner,
          ...options,
        });
      }
    };
    const { data, headers } = await ask();
    return listedIn(data, headers.link);
  };

  return {
    async create(repository, bundle) {
      const [owner = '', repo = ''] = repository.split('/');
      try {
        const { data } = await octokit.request('POST /repos/{owner}/{repo}/attestations', {
          owner,
          repo,
          bundle: JSON.parse(bundle.toString()) as Record<string, never>,
        });
        return String(data.id);
      } catch (error) {
        throw refusal('record the attestation', repository, 'write', error);
      }
    },

    async list(of, digest, signal) {
      const attestations: StoredAttestation[] = [];
      const failures: ActionError[] = [];
      let after: string | undefined;
      let bytes = 0;
      for (let number = 0; number < PAGES; number++) {
        const { entries, next, isWhole } = await page(of, digest, after, signal).catch(
          (error: unknown) => {
            if (statusOf(error) !== 404)
              failures.push(refusal('list the attestations', of, 'read', error));
            return NOTHING;
          },
        );
        if (!isWhole) failures.push(unlisted(of));
        for (let start = 0; start < entries.length; start += WIDTH) {
          if (bytes > TOTAL_LIMIT)
            return {
              attestations,
              failures: [...failures, tooMuch(of, digest, `more than ${TOTAL_LIMIT} bytes`)],
            };
          const read = await settle(
            entries.slice(start, start + WIDTH).map(async (entry, index) => ({
              position: number * PAGE + start + index + 1,
              json: await bundleOf(entry, transport, signal),
            })),
          );
          attestations.push(...read.values);
          failures.push(...read.failures);
          bytes += read.values.reduce((sum, { json }) => sum + json.length, 0);
        }
        if (next === undefined) return { attestations, failures };
        after = next;
      }
      return {
        attestations,
        failures: [...failures, tooMuch(of, digest, `more than ${PAGE * PAGES}`)],
      };
    },
  };
}

interface Listed {
  readonly entries: readonly unknown[];
  /** What to ask for the page behind this one with. */
  readonly next: string | undefined;
  /** False when there may be more than could be understood. */
  readonly isWhole: boolean;
}

const NOTHING: Listed = { entries: [], next: undefined, isWhole: true };

function listedIn(data: unknown, link = ''): Listed {
  const entries =
    isRecord(data) && Array.isArray(data['attestations'])
      ? (data['attestations'] as unknown[])
      : undefined;
  const page = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  const next = URL.parse(page ?? '')?.searchParams.get('after') ?? undefined;
  return {
    entries: entries ?? [],
    next,
    isWhole: entries !== undefined && (page === undefined || next !== undefined),
  };
}

/** The bundle inline, or behind a signed URL of a storage that must not see our token. */
async function bundleOf(
  entry: unknown,
  transport: Transport,
  signal: AbortSignal,
): Promise<Buffer> {
  if (!isRecord(entry)) return Buffer.from('null');
  if (isRecord(entry['bundle'])) return Buffer.from(JSON.stringify(entry['bundle']));
  const address = entry['bundle_url'];
  if (typeof address !== 'string' || !URL.canParse(address)) return Buffer.from('null');
  const url = new URL(address);
  const { status, body } = await transport({ method: 'GET', url, limit: BUNDLE_LIMIT, signal });
  if (status !== 200) throw unreadable(url, `it answered ${status}`);
  try {
    return body[0] === 0x7b ? body : decodeSnappy(body, BUNDLE_LIMIT);
  } catch (error) {
    throw unreadable(url, `its body is not Snappy (${messageOf(error)})`);
  }
}

/** Lets octokit speak through the one transport, with its limits and its retry budget. */
function fetchBy(transport: Transport): (
  url: string,
  init: {
    method: 'GET' | 'POST';
    headers: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
  },
) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const answer = await transport({
      method,
      url: new URL(url),
      headers,
      limit: ANSWER_LIMIT,
      ...(body ? { body: Buffer.from(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    return new Response(answer.status === 204 ? null : answer.body.toString(), {
      status: answer.status,
      headers: answer.headers,
    });
  };
}
