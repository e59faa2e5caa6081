// Verifies images: each independently; the worst verdict is that of the step, and only what is accepted has its evidence copied.
import { counter } from './concurrency/counter.ts';
import { sideBySide } from './concurrency/side-by-side.ts';
import type { Counted } from './concurrency/tally.ts';
import { copyEvidence, type CopyServices } from './copying.ts';
import { type GateServices, judge } from './gate.ts';
import { isNonEmpty, mapEach, type NonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { Copying, VerifyReport } from './model/report.ts';
import type { VerifyRequest } from './model/request.ts';
import type { ImageVerdict, Outcome } from './model/verdict.ts';
import { insecureIn } from './policy/authorities.ts';

/** Images that are verified at once. */
const WIDTH = 25;
/** From most to least important. */
const WORST_FIRST: readonly Outcome[] = ['rejected', 'unattested', 'inconclusive', 'accepted'];

export interface VerifyServices extends GateServices {
  /** Absent where nothing is to be copied. */
  readonly copying?: CopyServices;
}

export async function verify(
  { images: references, onFailure }: Pick<VerifyRequest, 'images' | 'onFailure'>,
  policies: NonEmpty<Policy>,
  { onJudged, ...services }: VerifyServices & { readonly onJudged: Counted },
): Promise<VerifyReport> {
  const count = counter(references.length, onJudged);
  const verdicts = await sideBySide(references, WIDTH, (reference) =>
    judge(reference, policies, services).finally(count),
  );
  const images = verdicts.flat();
  if (!isNonEmpty(images)) throw new RangeError('a request without images');
  const outcome = worstOf(images);
  const { copying } = services;
  return {
    mode: 'verify',
    images,
    outcome,
    onFailure,
    insecure: insecureIn(policies),
    ...(copying ? { copying: await copyIf(outcome, images, copying) } : {}),
  };
}

function worstOf(images: NonEmpty<ImageVerdict>): Outcome {
  const outcome = WORST_FIRST.find((each) =>
    images.some(({ verdict }) => verdict.outcome === each),
  );
  return outcome ?? 'inconclusive';
}

/** Also in an audit: evidence is not to make an image look accepted that is not. */
async function copyIf(
  outcome: Outcome,
  images: NonEmpty<ImageVerdict>,
  copying: CopyServices,
): Promise<Copying> {
  if (outcome === 'accepted') return copyEvidence(images, copying);
  const targets = mapEach(copying.targets, ({ repository }) => repository);
  return { kind: 'withheld', targets };
}
