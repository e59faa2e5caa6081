// The input `tags`: which tag each image gets after it is signed.
import { flatten, type NonEmpty } from '../model/non-empty.ts';
import {
  formatRepository,
  isSameRepository,
  isTag,
  parseReference,
  type PinnedReference,
  type Reference,
} from '../model/reference.ts';
import { groupByDigest, isSameSubject, type Subject } from '../model/subject.ts';
import { formatTag, type ImageTag } from '../model/tag.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import type { RawInputs } from './inputs.ts';
import { listOf, type Problems } from './problems.ts';

interface WrittenTag {
  /** The user's text, for messages. */
  readonly text: string;
  readonly tag: string;
  /** Undefined for a tag of every image. */
  readonly of: Pick<Reference, 'repository' | 'digest'> | undefined;
}

/** In the order of the input, each tag of an image once. Without images, only the form is checked. */
export function parseTags(
  { tags }: RawInputs,
  images: NonEmpty<PinnedReference> | undefined,
  problems: Problems,
): readonly ImageTag[] {
  if (tags === '') return [];
  const written = problems.takeEach('tags', [...new Set(listOf(tags))], parseTag);
  if (!images) return [];
  const subjects = flatten(groupByDigest(images));
  const placed = written.flatMap((each) => problems.take('tags', placeTag(each, subjects)) ?? []);
  refuseOneForTwo(placed, problems);
  return placed.filter(
    (tag, index) => placed.findIndex((other) => isSameTag(tag, other)) === index,
  );
}

function parseTag(text: string): Parsed<WrittenTag> {
  const parsed = parseForm(text);
  // OCI distribution-spec, "Referrers Tag Schema": these tags list signatures.
  if (isProblem(parsed) || !/^sha256-[0-9a-f]{64}/.test(parsed.value.tag)) return parsed;
  return {
    problem: `"${text}" has the form of a tag that lists signatures`,
    remedy: 'choose a tag that does not begin with "sha256-" and a digest',
  };
}

function parseForm(text: string): Parsed<WrittenTag> {
  if (isTag(text)) return { value: { text, tag: text, of: undefined } };
  if (!/[/:@]/.test(text))
    return {
      problem: `"${text}" is not a valid tag`,
      remedy: 'write at most 128 letters, digits, ".", "_" and "-", without "." or "-" in front',
    };
  const reference = parseReference(text);
  if (isProblem(reference)) return reference;
  const { tag } = reference.value;
  if (tag === undefined)
    return {
      problem: `"${text}" has no tag`,
      remedy: 'write a tag, or an image with one: v1, ghcr.io/acme/app:v1',
    };
  return { value: { text, tag, of: reference.value } };
}

function placeTag(
  { text, tag, of }: WrittenTag,
  subjects: NonEmpty<Subject>,
): Parsed<readonly ImageTag[]> {
  const named = of ? subjects.filter((subject) => isMeant(subject, of)) : subjects;
  if (of && named.length === 0) return notAnImage(text, of, subjects);
  const crowded = named.find(
    (one) => named.filter((other) => isSameRepository(one.repository, other.repository)).length > 1,
  );
  if (!crowded) return { value: named.map((subject) => ({ subject, tag })) };
  const repository = formatRepository(crowded.repository);
  return {
    problem: `"${text}" could be a tag of several images in "${repository}"`,
    remedy: `name the image of each tag by its digest: ${repository}:${tag}@${crowded.digest}`,
  };
}

function isMeant(subject: Subject, of: NonNullable<WrittenTag['of']>): boolean {
  const isDigestMeant = of.digest === undefined || of.digest === subject.digest;
  return isDigestMeant && isSameRepository(subject.repository, of.repository);
}

function notAnImage(
  text: string,
  { repository }: NonNullable<WrittenTag['of']>,
  subjects: NonEmpty<Subject>,
): Parsed<never> {
  const names = [...new Set(subjects.map((subject) => formatRepository(subject.repository)))];
  const name = formatRepository(repository);
  return {
    problem: names.includes(name)
      ? `"${text}" names a digest that no image of this step has`
      : `"${text}" is a tag in "${name}", which no image of this step is in`,
    remedy: `use tags of ${names.join(' and ')}, or add the image to "images"`,
  };
}

function refuseOneForTwo(tags: readonly ImageTag[], problems: Problems): void {
  const names = Map.groupBy(tags, formatTag);
  for (const [name, [first, ...others]] of names) {
    if (!first || others.every((other) => isSameTag(first, other))) continue;
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "tags": "${name}" is given to two images`,
      'give each image tags of its own',
    );
  }
}

function isSameTag(one: ImageTag, other: ImageTag): boolean {
  return one.tag === other.tag && isSameSubject(one.subject, other.subject);
}
