// Targets of a TUF repository: https://theupdateframework.github.io/specification/latest/, by way of tuf-js over our transport.
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BaseFetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { ActionError, messageOf } from '../errors.ts';
import type { Transport } from '../http/transport.ts';
import { parseJson } from '../model/parsed.ts';
import type { TufRepository } from './instances.ts';

/** Reads a target as text. */
export type ReadTarget = (name: string) => Promise<string>;

/** Bytes; tuf-js has lower limits for each kind of metadata. */
const LIMIT = 8 << 20;

/**
 * `cache` is a directory that lives as long as the job, made when it is missing: the first step of a job refreshes the metadata, the steps after it
 * go by what that step has verified. An expired or unreachable repository is an error, never a reason to trust less than the newest metadata.
 */
export function openTuf(
  cache: string,
  repository: TufRepository,
  transport: Transport,
): ReadTarget {
  let updater: Promise<Updater> | undefined;
  return async (name) => {
    try {
      updater ??= connect(cache, repository, transport);
      return await readTarget(await updater, name);
    } catch (error) {
      const remedy = error instanceof ActionError ? error.remedy : 'run the job again';
      throw new ActionError('service', 'SERVICE_TRUST', {
        message: `Cannot get "${name}" from the TUF repository ${repository.mirror}: ${messageOf(error)}`,
        remedy: `${remedy}; or work from files with "trusted-root" (and "sigstore" when signing)`,
        cause: error,
      });
    }
  };
}

async function connect(
  cache: string,
  { mirror, firstRoot }: TufRepository,
  transport: Transport,
): Promise<Updater> {
  const directory = join(cache, encodeURIComponent(new URL(mirror).host));
  const targetDir = join(directory, 'targets');
  await mkdir(targetDir, { recursive: true });
  const [root, marker] = [join(directory, 'root.json'), join(directory, 'refreshed')];
  const fetcher = new TransportFetcher(transport);
  if (!(await exists(root))) await writeFile(root, await pinnedRoot(mirror, firstRoot, fetcher));
  const isRefreshed = await exists(marker);
  const updater = new Updater({
    metadataDir: directory,
    metadataBaseUrl: mirror,
    targetDir,
    targetBaseUrl: `${mirror}/targets`,
    forceCache: isRefreshed,
    fetcher,
  });
  await updater.refresh();
  await writeFile(marker, '');
  return updater;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The first root is fetched like any other metadata, and is nothing until its digest is the one that we know. */
async function pinnedRoot(
  mirror: string,
  { version, sha256 }: TufRepository['firstRoot'],
  fetcher: BaseFetcher,
): Promise<Buffer> {
  const root = await fetcher.downloadBytes(`${mirror}/${version}.root.json`, LIMIT);
  const json = parseJson(root.toString());
  if (json === undefined) throw new RangeError(`its root metadata ${version} is not JSON`);
  if (createHash('sha256').update(JSON.stringify(json)).digest('hex') !== sha256)
    throw new RangeError(`its root metadata ${version} is not the known one`);
  return root;
}

async function readTarget(updater: Updater, name: string): Promise<string> {
  const target = await updater.getTargetInfo(name);
  if (!target) throw new RangeError('it has no such target');
  return readFile(
    (await updater.findCachedTarget(target)) ?? (await updater.downloadTarget(target)),
    'utf8',
  );
}

class TransportFetcher extends BaseFetcher {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    super();
    this.#transport = transport;
  }

  async fetch(url: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { status, body } = await this.#transport({
      method: 'GET',
      url: new URL(url),
      limit: LIMIT,
    });
    // The updater takes this error with 404, and no other, as "there is no newer root".
    if (status !== 200) throw new DownloadHTTPError(`${url} answered ${status}`, status);
    return new Blob([new Uint8Array(body)]).stream();
  }
}
