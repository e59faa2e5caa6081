// Who refers to a manifest: the Referrers API and the fallback tag, both read and merged. OCI distribution-spec, "Listing Referrers".
import { ActionError, actionErrorsOf } from '../errors.ts';
import { type Digest, hexOf, isDigest } from '../model/digest.ts';
import { isRecord, parseJson } from '../model/parsed.ts';
import { formatRepository } from '../model/reference.ts';
import type { Descriptor } from '../model/subject.ts';
import type { Looked } from '../model/verdict.ts';
import type { RegistryClient } from './client.ts';
import { MANIFEST_LIMIT, readManifest } from './content.ts';
import { mediaTypeOf, OCI_INDEX } from './media-types.ts';

export interface Referrer extends Descriptor {
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Referrers {
  readonly referrers: readonly Referrer[];
  readonly looked: readonly Looked[];
  /** Places that could not be read, so that "nothing there" is not known. */
  readonly failures: readonly ActionError[];
}

const PAGES = 50;
/** What registries without the API answer: 404 by the specification, the others were seen. */
const UNSUPPORTED = [400, 404, 405, 406, 415, 501];

export function fallbackTag(digest: Digest): string {
  return `sha256-${hexOf(digest)}`;
}

/** One listing for each place: none rejects, and none waits for another that does not answer. */
export function listEachPlace(
  client: RegistryClient,
  digest: Digest,
  signal?: AbortSignal,
): readonly Promise<Referrers>[] {
  return [
    settled('referrers API', fromApi(client, digest, signal)),
    settled(`tag ${fallbackTag(digest)}`, fromTag(client, digest, signal)),
  ];
}

export async function listReferrers(
  client: RegistryClient,
  digest: Digest,
  signal?: AbortSignal,
): Promise<Referrers> {
  const listings = await Promise.all(listEachPlace(client, digest, signal));
  const merged = new Map<Digest, Referrer>();
  for (const referrer of listings.flatMap(({ referrers }) => referrers))
    merged.set(referrer.digest, { ...referrer, ...merged.get(referrer.digest) });
  return {
    referrers: [...merged.values()],
    looked: listings.flatMap(({ looked }) => looked),
    failures: listings.flatMap(({ failures }) => failures),
  };
}

async function settled(place: string, reading: Promise<Reading>): Promise<Referrers> {
  try {
    const { answer, referrers, failures } = await reading;
    return { referrers, looked: [{ place, answer }], failures };
  } catch (error) {
    return {
      referrers: [],
      looked: [{ place, answer: 'could not be read' }],
      failures: actionErrorsOf(error),
    };
  }
}

interface Reading {
  readonly answer: string;
  readonly referrers: readonly Referrer[];
  /** Why the list is not complete, if it is not. */
  readonly failures: readonly ActionError[];
}

async function fromApi(
  client: RegistryClient,
  digest: Digest,
  signal?: AbortSignal,
): Promise<Reading> {
  const first = await readPage(client, `referrers/${digest}`, [200, ...UNSUPPORTED], signal);
  const isIndex = first.status === 200 && first.type === OCI_INDEX;
  if (!isIndex)
    return {
      answer:
        first.status === 200 ? `not an index (${first.type || 'no type'})` : `${first.status}`,
      referrers: [],
      failures: [],
    };
  const referrers = [...first.referrers];
  try {
    let next = first.next;
    for (let page = 1; next !== undefined; page++) {
      if (page === PAGES)
        throw notAll(client, 'LIMIT_EXCEEDED', `the list has more than ${PAGES} pages`);
      const url = URL.canParse(next.link, next.from.href)
        ? new URL(next.link, next.from)
        : undefined;
      if (url?.origin !== client.origin.origin)
        throw notAll(
          client,
          'SERVICE_ANSWER',
          `page ${page + 1} is said to be at "${url?.origin ?? next.link}"`,
        );
      const read = await readPage(client, url, [200], signal);
      if (read.type !== OCI_INDEX)
        throw notAll(
          client,
          'SERVICE_ANSWER',
          `page ${page + 1} is not an index (${read.type || 'no type'})`,
        );
      referrers.push(...read.referrers);
      next = read.next;
    }
    return { answer: `${referrers.length} listed`, referrers, failures: [] };
  } catch (error) {
    return {
      answer: `${referrers.length} listed, and not all`,
      referrers,
      failures: actionErrorsOf(error),
    };
  }
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly referrers: readonly Referrer[];
  /** RFC 8288, relative to the page it came with. */
  readonly next: { readonly link: string; readonly from: URL } | undefined;
}

async function readPage(
  client: RegistryClient,
  path: string | URL,
  accepted: readonly number[],
  signal?: AbortSignal,
): Promise<Page> {
  const { status, headers, body, url } = await client.send(
    {
      method: 'GET',
      path,
      purpose: 'list the referrers',
      limit: MANIFEST_LIMIT,
      headers: { accept: OCI_INDEX },
      ...(signal ? { signal } : {}),
    },
    accepted,
  );
  const link = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(headers.get('link') ?? '')?.[1];
  return {
    status,
    type: mediaTypeOf(headers),
    referrers: parseReferrers(parseJson(body.toString())),
    next: link === undefined ? undefined : { link, from: url },
  };
}

function notAll(
  client: RegistryClient,
  code: 'LIMIT_EXCEEDED' | 'SERVICE_ANSWER',
  state: string,
): ActionError {
  return new ActionError('service', code, {
    message: `Cannot list everything that refers to the image in "${formatRepository(client.repository)}": ${state}`,
    remedy:
      code === 'LIMIT_EXCEEDED'
        ? 'remove referrers that nobody needs (each signing run adds one)'
        : `check that ${client.origin.host} is the registry`,
  });
}

async function fromTag(
  client: RegistryClient,
  digest: Digest,
  signal?: AbortSignal,
): Promise<Reading> {
  const manifest = await readManifest(client, fallbackTag(digest), signal);
  if (!manifest) return { answer: 'absent', referrers: [], failures: [] };
  // GitLab resolves the tag sha256-<hex> to the manifest of that digest when there is no such tag.
  if (manifest.digest === digest || manifest.mediaType !== OCI_INDEX)
    return { answer: 'not a list of referrers', referrers: [], failures: [] };
  const referrers = parseReferrers(manifest.json);
  return { answer: `${referrers.length} listed`, referrers, failures: [] };
}

/** The well-formed descriptors of an index. */
export function parseReferrers(index: unknown): readonly Referrer[] {
  const manifests =
    isRecord(index) && Array.isArray(index['manifests']) ? (index['manifests'] as unknown[]) : [];
  return manifests.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    const { mediaType, digest, size, artifactType, annotations } = entry;
    if (
      typeof mediaType !== 'string' ||
      !isDigest(digest) ||
      typeof size !== 'number' ||
      size > MANIFEST_LIMIT
    )
      return [];
    return [
      {
        mediaType,
        digest,
        size,
        ...(typeof artifactType === 'string' ? { artifactType } : {}),
        ...(isRecord(annotations)
          ? { annotations: annotations as Readonly<Record<string, string>> }
          : {}),
      },
    ];
  });
}
