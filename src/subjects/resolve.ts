// Resolves a reference to the digest that everything else uses: a tag is resolved only once.
import { ActionError } from '../errors.ts';
import { formatRepository, type Reference } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type Manifest, readManifest } from '../registry/content.ts';
import type { OnManifest } from '../registry/read-subject.ts';

export interface Resolved {
  readonly subject: Subject;
  /** Settles when the registry returned the manifest with this digest, and the tag in the reference has that digest. */
  readonly confirmed: Promise<void>;
}

export type Resolve = (reference: Reference) => Promise<Resolved>;

/** `onManifest` receives what was read. */
export function resolveBy(
  clientFor: (place: Pick<Reference, 'repository'>) => RegistryClient,
  onManifest?: OnManifest,
): Resolve {
  return async (reference) => {
    const client = clientFor(reference);
    const { repository, digest, tag } = reference;
    if (digest === undefined) {
      const manifest = await readManifest(client, tag ?? 'latest');
      if (!manifest) throw missing(reference);
      const subject = { repository, digest: manifest.digest };
      onManifest?.(subject, manifest);
      return { subject, confirmed: Promise.resolve() };
    }
    // In parallel with the search: a pinned image costs no extra round trip.
    const subject = { repository, digest };
    const confirmed = readManifest(client, tag ?? digest).then((manifest) => {
      const same = confirm(reference, manifest);
      onManifest?.(subject, same);
    });
    confirmed.catch(() => undefined);
    return { subject, confirmed };
  };
}

/** A digest is used without a request. */
export function withoutConfirmation(resolve: Resolve): Resolve {
  return async (reference) => {
    const { repository, digest } = reference;
    if (digest === undefined) return resolve(reference);
    return { subject: { repository, digest }, confirmed: Promise.resolve() };
  };
}

function confirm(reference: Reference, manifest: Manifest | undefined): Manifest {
  if (!manifest) throw missing(reference);
  if (manifest.digest === reference.digest) return manifest;
  throw new ActionError('input', 'SUBJECT_MOVED', {
    message: `Cannot verify "${reference.text}": tag ${reference.tag ?? ''} points to ${manifest.digest}`,
    remedy:
      'find out who moved the tag; to verify the digest regardless of the tag, remove the tag from the reference',
  });
}

function missing({ text, repository, tag, digest }: Reference): ActionError {
  return new ActionError('input', 'SUBJECT_MISSING', {
    message: `Cannot verify "${text}": "${formatRepository(repository)}" has no ${tag === undefined ? `manifest ${digest ?? ''}` : `tag "${tag}"`}`,
    remedy: 'check the name, and that the image was pushed to this registry',
  });
}
