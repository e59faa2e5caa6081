// The content of a shared tag, and what is written to it next; other content is left unchanged.
import type { Digest } from '../model/digest.ts';
import type { ListedEntry } from '../text/list-entries.ts';
import { isProblem } from '../text/parsed.ts';
import type { RegistryClient } from './client.ts';
import type { Manifest } from './content.ts';
import { fallbackTag } from './referrer.ts';
import { INDEX_LIMIT, tooLarge, unusableTag } from './tag-errors.ts';
import type { TagContent, TagForm } from './tag-form.ts';
import type { Draft } from './write-manifest.ts';

/** What the tag holds. GitLab resolves a tag `sha256-<hex>` that does not exist to the manifest of that digest: a write makes the tag, and the read after it decides. */
export function heldBy(
  tag: string,
  subject: Digest,
  current: Manifest | undefined,
): Manifest | undefined {
  return current?.digest === subject && tag === fallbackTag(subject) ? undefined : current;
}

/** Throws if the tag of `subject` contains something that must not be extended. */
export function assertForm(
  client: RegistryClient,
  form: TagForm,
  subject: Digest,
  current: Manifest,
): void {
  const state =
    current.digest === subject ? 'the registry returns the image itself' : form.whyNot(current);
  if (state === undefined) return;
  const problem = `${form.isNot}, ${state}`;
  throw unusableTag(client, form.tag, { problem, remedy: form.instead });
}

/** The content of the tag with these entries added; throws if there is no room for them. */
export function contentWith(
  client: RegistryClient,
  form: TagForm,
  current: Manifest | undefined,
  entries: readonly ListedEntry[],
): TagContent {
  const content = form.extend(current, entries);
  if (isProblem(content)) throw unusableTag(client, form.tag, content);
  const size = content.value.bytes.byteLength;
  if (size > INDEX_LIMIT) throw tooLarge(client, form, size);
  return content.value;
}

/** RFC 9110 section 13.1: a registry with support for conditions rejects writes that are not based on its current list. */
export function conditionFor(current: Manifest | undefined): Draft['condition'] | undefined {
  if (!current) return { 'if-none-match': '*' };
  return current.etag === undefined ? undefined : { 'if-match': current.etag };
}
