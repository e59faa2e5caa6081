// Whether registries can list what is to be signed: in a fallback tag, a list may be full, or there may be something else.
import { sideBySide } from '../concurrency/side-by-side.ts';
import { ActionErrors, allOrProblems, settle, throwOnePerRemedy } from '../errors.ts';
import { groupBy, type NonEmpty } from '../model/non-empty.ts';
import { formatRepository } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';
import { bundleManifest, EMPTY_JSON } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { assertRoomInList } from '../registry/fallback-tag.ts';
import type { Referrer } from '../registry/referrer.ts';
import { needsFallbackTag } from '../registry/referrers.ts';

export interface PlannedBundle {
  readonly predicateType: string;
  readonly subjects: NonEmpty<Subject>;
}

interface Planned {
  readonly client: RegistryClient;
  readonly subject: Subject;
  readonly bundle: PlannedBundle;
}

/** Concurrent requests. */
const WIDTH = 64;

/** Throws every problem of the lists; writes nothing. A registry with the Referrers API needs no room. */
export async function assertRoomFor(
  bundles: readonly PlannedBundle[],
  evidenceFor: (subject: Subject) => RegistryClient,
): Promise<void> {
  const planned = bundles.flatMap((bundle) =>
    bundle.subjects.map((subject) => ({ client: evidenceFor(subject), subject, bundle })),
  );
  const places = groupBy(planned, ({ client: { repository } }) => formatRepository(repository));
  await allOrProblems(places.map(assertRoomAt)).catch(throwOnePerRemedy);
}

async function assertRoomAt(planned: NonEmpty<Planned>): Promise<void> {
  const [{ client, subject }] = planned;
  if (!(await needsFallbackTag(client, subject.digest))) return;
  const images = groupBy(planned, (each) => each.subject.digest);
  const outcomes = await sideBySide(images, WIDTH, (image) => {
    const about = [...new Set(image.map(({ bundle }) => bundle))];
    return settle([assertRoomInList(client, image[0].subject.digest, about.map(entryFor))]);
  });
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  if (failures.length > 0) throw new ActionErrors(failures);
}

/** As long as the entry that will be listed: what differs has the same length, except for a size with another number of digits. */
function entryFor({ predicateType, subjects: [{ digest }] }: PlannedBundle): Referrer {
  return bundleManifest({
    subject: { mediaType: '', digest, size: 0 },
    bundle: EMPTY_JSON,
    predicateType,
    created: new Date(0),
  }).referrer;
}
