// Targets of a TUF repository: https://theupdateframework.github.io/specification/latest/, with tuf-js and our transport.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseFetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { ActionError, messageOf } from '../../errors.ts';
import type { Transport } from '../../http/message.ts';
import { parseJson } from '../../text/json.ts';
import type { TufRepository } from './instances.ts';

/** Reads a target as text. */
export type ReadTarget = (name: string) => Promise<string>;

/** Bytes; tuf-js has lower limits for each kind of metadata. */
const LIMIT = 8 << 20;

/**
 * Every use verifies the chain of roots from the pinned digest and every signature and expiry: nothing is read from a folder of the job,
 * because anything may have been unpacked there. `temp` is where the client can write. An expired or unreachable repository is an error, never a
 * reason to trust anything but the newest metadata.
 */
export function openTuf(temp: string, repository: TufRepository, transport: Transport): ReadTarget {
  let updater: Promise<Updater> | undefined;
  return async (name) => {
    try {
      updater ??= connect(temp, repository, transport);
      return await readTarget(await updater, name);
    } catch (error) {
      const remedy = error instanceof ActionError ? error.remedy : 'run the job again';
      throw new ActionError('service', 'SERVICE_TRUST', {
        message: `Cannot get "${name}" from the TUF repository ${repository.mirror}: ${messageOf(error)}`,
        remedy: `${remedy}; or use files instead of TUF: "trusted-root" (and "sigstore" when signing)`,
        cause: error,
      });
    }
  };
}

async function connect(
  temp: string,
  { mirror, firstRoot }: TufRepository,
  transport: Transport,
): Promise<Updater> {
  const fetcher = new TransportFetcher(transport);
  const root = await pinnedRoot(mirror, firstRoot, fetcher);
  const metadataDir = await newDirectory(temp);
  await writeFile(join(metadataDir, 'root.json'), root);
  const targetDir = join(metadataDir, 'targets');
  await mkdir(targetDir);
  const updater = new Updater({
    metadataDir,
    metadataBaseUrl: mirror,
    targetDir,
    targetBaseUrl: `${mirror}/targets`,
    fetcher,
  });
  await updater.refresh();
  return updater;
}

/** Its name is unpredictable, and no other user can write there. */
function newDirectory(temp: string): Promise<string> {
  const make = (parent: string): Promise<string> => mkdtemp(join(parent, 'countersign-tuf-'));
  return make(temp).catch(() => make(tmpdir()));
}

/** The first root is fetched like any other metadata, and is not used unless it has the pinned digest. */
async function pinnedRoot(
  mirror: string,
  { version, sha256 }: TufRepository['firstRoot'],
  fetcher: BaseFetcher,
): Promise<Buffer> {
  const root = await fetcher.downloadBytes(`${mirror}/${version}.root.json`, LIMIT);
  const json = parseJson(root.toString());
  if (json === undefined) throw new RangeError(`its root metadata ${version} is not JSON`);
  if (createHash('sha256').update(JSON.stringify(json)).digest('hex') !== sha256)
    throw new RangeError(`its root metadata ${version} does not have the pinned digest`);
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
    // The updater interprets only this error with 404 as "there is no newer root".
    if (status !== 200) throw new DownloadHTTPError(`${url} answered ${status}`, status);
    return new Blob([new Uint8Array(body)]).stream();
  }
}
