// Targets of a TUF repository: https://theupdateframework.github.io/specification/latest/, by way of @sigstore/tuf.
import { initTUF, type TUF } from '@sigstore/tuf';
import { ActionError, messageOf } from '../errors.ts';
import { PUBLIC_GOOD, type TufRepository } from './instances.ts';

/** Reads a target as text; the metadata is refreshed once however many targets are read. */
export type ReadTarget = (name: string) => Promise<string>;

/** `cache` is a directory, made when it is missing; the repository is the public-good one unless told otherwise. */
export function openTuf(cache: string, { mirror, root }: TufRepository = PUBLIC_GOOD.tuf): ReadTarget {
  let client: Promise<TUF> | undefined;
  return async (name) => {
    try {
      client ??= initTUF({ cachePath: cache, mirrorURL: mirror, retry: { retries: 3 }, timeout: 15_000, ...(root === undefined ? {} : { rootPath: root }) });
      return await (await client).getTarget(name);
    } catch (error) {
      throw new ActionError('service', 'SERVICE_TRUST', {
        message: `Cannot get "${name}" from the TUF repository ${mirror}: ${messageOf(error)}`,
        remedy: 'run the job again, or work from files with "trusted-root" (and "sigstore" when signing)',
        cause: error,
      });
    }
  };
}
