// Tags images in their registries after they are stored, so that no tag names an image that is not signed.
import { sideBySide } from '../concurrency/side-by-side.ts';
import { ActionError, actionErrorsOf, allOrProblems, throwOnePerRemedy } from '../errors.ts';
import type { StoredBundle } from '../model/bundle.ts';
import { groupBy, isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Tagging } from '../model/report.ts';
import { formatSubject, includesSubject, type Subject } from '../model/subject.ts';
import { formatTag, type ImageTag, type TaggedImage } from '../model/tag.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type Manifest } from '../registry/content.ts';
import { startUpload } from '../registry/upload.ts';
import { readSubject } from '../registry/read-subject.ts';
import { readTag, writeTag } from '../registry/write-tag.ts';
import type { Tagger } from './tagger.ts';

/** Tags that are written at once. */
const WIDTH = 10;

export function registryTagger(clientFor: (subject: Subject) => RegistryClient): Tagger {
  return {
    async prepare(tags) {
      const places = await allOrProblems(
        groupBy(tags, ({ subject }) => formatSubject(subject)).map((each) =>
          preparePlace(clientFor(each[0].subject), each),
        ),
      );
      return {
        planned: places.flatMap(({ tags: each }) => each),
        write: ({ stored, failures }) =>
          writeAll(places, failures.length > 0 ? NOTHING_STORED : stored),
      };
    },
  };
}

/** An image, its manifest from the registry, and its tags. */
interface Place {
  readonly client: RegistryClient;
  readonly manifest: Manifest;
  /** With the previous digest of each. */
  readonly tags: NonEmpty<TaggedImage>;
}

const NOTHING_STORED: readonly StoredBundle[] = [];

async function preparePlace(client: RegistryClient, tags: NonEmpty<ImageTag>): Promise<Place> {
  const [{ subject }] = tags;
  const [manifest, , seen] = await allOrProblems([
    readSubject(client, subject),
    startUpload(client),
    allOrProblems(
      mapEach(tags, async (each) => ({ ...each, before: await readTag(client, each.tag) })),
    ),
  ] as const).catch(throwOnePerRemedy);
  return { client, manifest, tags: seen };
}

async function writeAll(
  places: readonly Place[],
  stored: readonly StoredBundle[],
): Promise<Tagging> {
  const isStored = ({ tags: [{ subject }] }: Place): boolean =>
    stored.some(({ subjects }) => includesSubject(subjects, subject));
  const ready = places.filter(isStored);
  const withheld = places.filter((place) => !isStored(place)).flatMap(({ tags }) => tags);
  const writes = ready.flatMap((place) => place.tags.map((tag) => ({ ...place, ...tag })));
  const outcomes = await sideBySide(writes, WIDTH, writeOne);
  return {
    tagged: outcomes.flatMap(({ tagged }) => tagged),
    failures: [
      ...(isNonEmpty(withheld) ? [withheldError(withheld)] : []),
      ...outcomes.flatMap(({ failures }) => failures),
    ],
  };
}

type Write = Omit<Place, 'tags'> & ImageTag;

interface Outcome {
  readonly tagged: readonly TaggedImage[];
  readonly failures: readonly ActionError[];
}

async function writeOne({ client, manifest, subject, tag }: Write): Promise<Outcome> {
  try {
    const before = await writeTag(client, tag, manifest);
    return { tagged: [{ subject, tag, before }], failures: [] };
  } catch (error) {
    return { tagged: [], failures: actionErrorsOf(error) };
  }
}

function withheldError(tags: NonEmpty<ImageTag>): ActionError {
  const names = tags.map((tag) => `"${formatTag(tag)}"`).join(', ');
  return new ActionError('service', 'TAG_WITHHELD', {
    message: `Cannot write ${names}: not every signature and attestation is stored`,
    remedy: 'fix the problem that is reported with this one, then run the job again',
  });
}
