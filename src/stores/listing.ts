// Makes what was written for an image findable: read back from the registry's own list, or added to the fallback tag.
import { lookAgain } from '../concurrency/look-again.ts';
import type { Digest } from '../model/digest.ts';
import type { BundleManifest } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { listInFallbackTag } from '../registry/fallback-tag.ts';
import { listLinkedReferrers } from '../registry/referrers.ts';
import type { SharedTagOptions } from '../registry/shared-tag.ts';
import { unread } from '../registry/tag-errors.ts';
import { writeManifest } from '../registry/write-manifest.ts';

/** A bundle in its manifest, which the registry stored and readers may not find yet. */
export interface WrittenManifest {
  readonly manifest: BundleManifest;
  /** The digest to which the registry says it linked the manifest. */
  readonly linkedTo: string | null;
}

export async function listForReaders(
  client: RegistryClient,
  about: Digest,
  written: readonly WrittenManifest[],
  options: Pick<SharedTagOptions, 'share' | 'ahead' | 'onListed'>,
): Promise<void> {
  const manifests = written.map(({ manifest }) => manifest);
  // distribution-spec, "Pushing Manifests with Subject": no OCI-Subject means that the client maintains the list.
  const isLinked = written.every(({ linkedTo }) => linkedTo === about);
  if (isLinked && (await getListed(client, about, manifests))) return;
  const referrers = manifests.map(({ referrer }) => referrer);
  await listInFallbackTag(client, about, referrers, options);
}

/** Reads back what the registry lists for a verifier now, and writes again what a registry lost from its list. */
async function getListed(
  client: RegistryClient,
  about: Digest,
  manifests: readonly BundleManifest[],
): Promise<boolean> {
  let unlisted: readonly BundleManifest[] = [];
  const isListed = await lookAgain(async () => {
    // A registry that updates its list without a lock keeps only one of two that are written at once (olareg 0.1.2).
    for (const manifest of unlisted)
      await writeManifest(client, manifest.referrer.digest, manifest);
    const { referrers, failures } = await listLinkedReferrers(client, about);
    unlisted = manifests.filter(
      ({ referrer }) => !referrers.some(({ digest }) => digest === referrer.digest),
    );
    if (unlisted.length === 0) return true;
    const stored = manifests.map(({ referrer }) => referrer.digest);
    if (failures[0]) throw unread(client, 'the registry', failures[0], stored);
    return undefined;
  });
  return isListed ?? false;
}
