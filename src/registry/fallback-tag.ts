// Lists referrers in the fallback tag: OCI distribution-spec, "Referrers Tag Schema".
import type { Digest } from '../model/digest.ts';
import type { RegistryClient } from './client.ts';
import { readManifest } from './content.ts';
import { EMPTY_LIST, entriesIn, entryOf, withInFront } from './list-text.ts';
import { OCI_INDEX } from './media-types.ts';
import { fallbackTag, type Referrer } from './referrer.ts';
import { referrersApiOf, sizeOfList } from './known-lists.ts';
import { assertForm, contentWith, heldBy } from './tag-content.ts';
import { INDEX_LIMIT } from './tag-errors.ts';
import { addToTag, type SharedTagOptions } from './shared-tag.ts';
import type { TagForm } from './tag-form.ts';
import { readTagNow, type TagRead } from './tag-read.ts';

/** Adds the entries to the list of `subject` in one update, and returns when they have stayed there. */
export async function listInFallbackTag(
  client: RegistryClient,
  subject: Digest,
  entries: readonly Referrer[],
  options: SharedTagOptions = {},
): Promise<void> {
  const form = listOfReferrers(fallbackTag(subject));
  const stored = entries.map(({ digest }) => digest);
  await addToTag(client, { form, subject, entries: entries.map(entryOf), stored }, options);
}

/** Throws if the list of `subject` cannot take these entries, which is known before anything is written. */
export async function assertRoomInList(
  client: RegistryClient,
  subject: Digest,
  entries: readonly Referrer[],
): Promise<void> {
  const form = listOfReferrers(fallbackTag(subject));
  const added = entries.map(entryOf);
  const size = sizeOfList(client, subject);
  const more = withInFront(EMPTY_LIST, added)?.byteLength ?? 0;
  if (size !== undefined && size + more <= INDEX_LIMIT) return;
  const current = heldBy(form.tag, subject, await readManifest(client, form.tag));
  if (!current) return;
  assertForm(client, form, subject, current);
  contentWith(client, form, current, added);
}

/** Begins to read the list of `subject` if this registry is known to need it; what fails is read again later. */
export function readListAhead(
  client: RegistryClient,
  subject: Digest,
): Promise<TagRead | undefined> {
  if (referrersApiOf(client) !== 'absent') return Promise.resolve(undefined);
  return readTagNow(client, { tag: fallbackTag(subject), subject }).catch(() => undefined);
}

function listOfReferrers(tag: string): TagForm {
  const isNot = 'is not a list of referrers';
  const instead =
    'use a registry with the OCI 1.1 Referrers API or with plain tags, or "stores: github"';
  return {
    tag,
    isNot,
    instead,
    makeRoom: 'remove old referrers of this image',
    entriesIn,
    whyNot({ mediaType, json }) {
      const isList = mediaType === OCI_INDEX && Array.isArray(json['manifests']);
      return isList ? undefined : `it holds ${mediaType || 'something else'}`;
    },
    extend(current, more) {
      const bytes = withInFront(current?.bytes ?? EMPTY_LIST, more);
      return bytes
        ? { value: { bytes, mediaType: OCI_INDEX } }
        : {
            problem: `${isNot}, its entries are not in the place where readers expect them`,
            remedy: instead,
          };
    },
  };
}
