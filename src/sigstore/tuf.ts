// Targets of a TUF repository: https://theupdateframework.github.io/specification/latest/, by way of @sigstore/tuf.
import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initTUF, type TUF } from '@sigstore/tuf';
import { ActionError, messageOf } from '../errors.ts';
import type { Transport } from '../http.ts';
import type { FirstRoot, TufRepository } from './instances.ts';

/** Reads a target as text. */
export type ReadTarget = (name: string) => Promise<string>;

const ROOT_LIMIT = 1 << 20;

/**
 * `cache` is a directory that lives as long as the job, made when it is missing: the first step of a job refreshes the metadata, the steps after it
 * go by what that step has verified. An expired or unreachable repository is an error, never a reason to trust less than the newest metadata.
 */
export function openTuf(cache: string, repository: TufRepository, transport: Transport): ReadTarget {
  let client: Promise<TUF> | undefined;
  return async (name) => {
    try {
      client ??= connect(cache, repository, transport);
      return await (await client).getTarget(name);
    } catch (error) {
      throw new ActionError('service', 'SERVICE_TRUST', {
        message: `Cannot get "${name}" from the TUF repository ${repository.mirror}: ${messageOf(error)}`,
        remedy: 'run the job again, or work from files with "trusted-root" (and "sigstore" when signing)',
        cause: error,
      });
    }
  };
}

async function connect(cache: string, { mirror, firstRoot }: TufRepository, transport: Transport): Promise<TUF> {
  const directory = join(cache, encodeURIComponent(new URL(mirror).host));
  await mkdir(directory, { recursive: true });
  const marker = join(directory, 'refreshed');
  const isRefreshed = await access(marker).then(() => true, () => false);
  const rootPath = isRefreshed || !firstRoot ? undefined : await pathOf(firstRoot, directory, mirror, transport);
  const options = { cachePath: directory, mirrorURL: mirror, retry: { retries: 3 }, timeout: 15_000, forceCache: isRefreshed };
  const client = await initTUF(rootPath === undefined ? options : { ...options, rootPath });
  await writeFile(marker, '');
  return client;
}

/** The pinned root is fetched like any other metadata, and is nothing until its digest is the one that we know. */
async function pathOf(root: FirstRoot, directory: string, mirror: string, transport: Transport): Promise<string> {
  if (root.kind === 'file') return root.path;
  const { status, body } = await transport({ method: 'GET', url: new URL(`${mirror}/${root.version}.root.json`), limit: ROOT_LIMIT });
  if (status !== 200) throw new RangeError(`its root metadata answered ${status}`);
  const digest = createHash('sha256').update(JSON.stringify(JSON.parse(body.toString()))).digest('hex');
  if (digest !== root.sha256) throw new RangeError(`its root metadata ${root.version} is not the known one`);
  const path = join(directory, 'first-root.json');
  await writeFile(path, body);
  return path;
}
