// Errors of writing to a tag that others write, too, and of confirming that an entry is listed.
import { ActionError } from '../errors.ts';
import type { Digest } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import type { Problem } from '../text/parsed.ts';
import type { RegistryClient } from './client.ts';
import type { TagForm } from './tag-form.ts';

/** Bytes; distribution-spec, "Pushing Manifests": a registry must take this much. */
export const INDEX_LIMIT = 4 << 20;
/** Statuses for a write that a rule of the registry forbids; the others can also mean an existing tag. */
const FORBIDDEN = [405, 409, 412, 422];
const FORBIDDEN_CHANGE = [400, 401, 403, ...FORBIDDEN];

/** Whether the response to a write may come from a rule against moving tags. */
export function mayBeImmutable(status: number, was: 'made' | 'changed'): boolean {
  return (was === 'made' ? FORBIDDEN : FORBIDDEN_CHANGE).includes(status);
}

export function remedyForTag(status: number, usual: string, was: 'made' | 'changed'): string {
  return mayBeImmutable(status, was)
    ? `if the registry makes tags immutable, exclude tags that begin with "sha256-" from the rule; otherwise ${usual}`
    : usual;
}

/** `problem` follows the name of the tag. */
export function unusableTag(
  client: RegistryClient,
  tag: string,
  { problem, remedy }: Problem,
): ActionError {
  return new ActionError('service', 'STORE_UNLISTED', {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} ${problem}`,
    remedy,
  });
}

export function tooLarge(
  client: RegistryClient,
  { tag, makeRoom }: TagForm,
  size: number,
): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} would grow to ${size} bytes of ${INDEX_LIMIT}`,
    remedy: makeRoom,
  });
}

export function unconfirmed(client: RegistryClient, tag: string, state: string): ActionError {
  return new ActionError('service', 'STORE_UNLISTED', {
    message: `Cannot confirm the signature in "${formatRepository(client.repository)}": it is stored, but tag ${tag} ${state}`,
    remedy:
      'run the job again when fewer jobs sign this image at once: a new run uses this signature if it finds it, and otherwise adds another',
  });
}

/** The tag was not written; `stored` are the manifests that it should list. */
export function unlisted(
  client: RegistryClient,
  tag: string,
  cause: ActionError,
  stored: readonly Digest[],
): ActionError {
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": it is stored as ${stored.join(' and ')}, but tag ${tag} does not list it (${cause.message})`,
    remedy: cause.remedy,
    cause,
  });
}

/** The place was written, or claimed to list referrers itself, and could not be read afterwards; `stored` are the manifests, if they are known. */
export function unread(
  client: RegistryClient,
  place: string,
  cause: ActionError,
  stored: readonly Digest[] = [],
): ActionError {
  const as = stored.length > 0 ? ` as ${stored.join(' and ')}` : '';
  return new ActionError(cause.kind, cause.code, {
    message: `Cannot confirm the signature in "${formatRepository(client.repository)}": it is stored${as}, but it is unknown whether ${place} lists it (${cause.message})`,
    remedy: `${cause.remedy}; a new run uses this signature if it finds it, and otherwise adds another`,
    cause,
  });
}
