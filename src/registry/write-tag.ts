// Points a tag to a manifest in the repository, with identical bytes, and returns when the tag has them. OCI distribution-spec, "Pushing Manifests".
import { lookAgain } from '../concurrency/look-again.ts';
import { ActionError } from '../errors.ts';
import type { Digest } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest } from './content.ts';
import { mayBeImmutable } from './tag-errors.ts';
import { type Draft, writeManifest, type Writing } from './write-manifest.ts';

/** The digest of a tag; undefined if there is no such tag. */
export async function readTag(client: RegistryClient, tag: string): Promise<Digest | undefined> {
  return (await readManifest(client, tag))?.digest;
}

/** The previous digest of the tag. A tag with the right digest already is not written. */
export async function writeTag(
  client: RegistryClient,
  tag: string,
  manifest: Manifest,
): Promise<Digest | undefined> {
  const before = await readTag(client, tag);
  if (before === manifest.digest) return before;
  await putTag(client, tag, manifest, before);
  await confirmTag(client, tag, manifest.digest);
  return before;
}

async function putTag(
  client: RegistryClient,
  tag: string,
  manifest: Manifest,
  before: Digest | undefined,
): Promise<void> {
  let repetitions = 0;
  const again = async (): Promise<Draft | undefined> => {
    repetitions++;
    return (await readTag(client, tag)) === manifest.digest ? undefined : manifest;
  };
  try {
    await writeManifest(client, tag, manifest, { ...inWords(tag, before), again });
  } catch (error) {
    // An earlier attempt may have been executed and its response lost.
    const isInDoubt = repetitions > 0 || isUnanswered(error);
    if (!isInDoubt || !(await isThere(client, tag, manifest.digest))) throw error;
  }
}

function inWords(tag: string, before: Digest | undefined): Writing {
  const was = before === undefined ? 'made' : 'changed';
  return {
    purpose: before === undefined ? `write tag "${tag}" to` : `move tag "${tag}" from ${before} in`,
    remedy: (status, usual) =>
      mayBeImmutable(status, was)
        ? `if the registry makes tags immutable, choose a tag that does not exist yet, or exclude this tag from the rule; otherwise ${usual}`
        : usual,
  };
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ActionError && error.code === 'SERVICE_UNREACHABLE';
}

function isThere(client: RegistryClient, tag: string, digest: Digest): Promise<boolean> {
  return confirmTag(client, tag, digest).then(
    () => true,
    () => false,
  );
}

/** A replica without the write may answer reads of the tag. */
async function confirmTag(client: RegistryClient, tag: string, digest: Digest): Promise<void> {
  let shown: Digest | undefined;
  const isShown = await lookAgain(async () => {
    shown = await readTag(client, tag).catch((error: unknown) => {
      throw error instanceof ActionError ? unread(client, tag, error) : error;
    });
    return shown === digest ? true : undefined;
  });
  if (!isShown) throw unconfirmed(client, tag, shown);
}

function unread(client: RegistryClient, tag: string, cause: ActionError): ActionError {
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot confirm tag "${tag}" in "${formatRepository(client.repository)}": it was written, but could not be read back (${cause.message})`,
    remedy: cause.remedy,
    cause,
  });
}

function unconfirmed(client: RegistryClient, tag: string, shown: Digest | undefined): ActionError {
  const state = shown === undefined ? 'does not show it' : `shows ${shown}`;
  return new ActionError('service', 'TAG_UNCONFIRMED', {
    message: `Cannot confirm tag "${tag}" in "${formatRepository(client.repository)}": it was written, but the registry ${state}`,
    remedy:
      'check whether another job writes the same tag or the registry is slow to show it, then run the job again',
  });
}
