// The gate for one image and its parts, by its name or by its digest.
import { type ChainServices, throughAttestations } from './attestation-chain.ts';
import type { Again } from './concurrency/patience.ts';
import { sideBySide } from './concurrency/side-by-side.ts';
import { actionErrorsOf } from './errors.ts';
import { gather, NOTHING } from './gathering.ts';
import type { NonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { Reference } from './model/reference.ts';
import type { Subject } from './model/subject.ts';
import type { Failure, ImageVerdict, Verdict } from './model/verdict.ts';
import { evaluate, isFor } from './policy/evaluate.ts';
import type { Source } from './sources/source.ts';
import type { PartsOf } from './subjects/parts.ts';
import type { Resolve } from './subjects/resolve.ts';

export interface JudgeServices extends ChainServices {
  readonly sources: NonEmpty<Source>;
}

export interface GateServices extends JudgeServices {
  readonly resolve: Resolve;
  /** Parts of an image that must be accepted, too. */
  readonly partsOf: PartsOf;
  /** Whether to search again if nothing was found. */
  readonly again: Again;
}

/** Parts of one image that are verified at once. */
const PARTS_AT_ONCE = 4;

/** An image by its name, with its parts if they count: searched again until something is found that could be rejected. */
export async function judge(
  reference: Reference,
  policies: NonEmpty<Policy>,
  services: GateServices,
): Promise<NonEmpty<ImageVerdict>> {
  for (;;) {
    const verdicts = await judgeOnce(reference, policies, services);
    if (!verdicts.some(isNothingYet) || verdicts.some(isRefused)) return verdicts;
    if (!(await services.again(reference.text))) return verdicts;
  }
}

/** Verifies the manifest that the name resolves to, unless it cannot be resolved or changes in the meantime. */
async function judgeOnce(
  reference: Reference,
  policies: NonEmpty<Policy>,
  services: GateServices,
): Promise<NonEmpty<ImageVerdict>> {
  const { text, places = [] } = reference;
  const about = { reference: text, places };
  let subject: Subject | undefined;
  const stop = new AbortController();
  try {
    const resolved = await services.resolve(reference);
    const image = (subject = resolved.subject);
    const [verdict, parts] = await Promise.all([
      judgeSubject(image, policies, services, { stop }),
      services.partsOf(image),
      resolved.confirmed,
    ]);
    const others = await sideBySide(parts, PARTS_AT_ONCE, async (part) => ({
      ...about,
      part: part.name,
      subject: part.subject,
      verdict: await judgePart(part.subject, image, policies, services),
    }));
    return [{ ...about, subject: image, verdict }, ...others];
  } catch (error) {
    return [{ ...about, subject, verdict: verdictOf(actionErrorsOf(error)) }];
  } finally {
    stop.abort();
  }
}

function judgePart(
  subject: Subject,
  index: Subject,
  policies: NonEmpty<Policy>,
  services: GateServices,
): Promise<Verdict> {
  return judgeSubject(subject, policies, services, { index }).catch((error: unknown) =>
    verdictOf(actionErrorsOf(error)),
  );
}

/** Nothing that was found was rejected, so a later search may find more. */
function isNothingYet({ verdict }: ImageVerdict): boolean {
  if (verdict.outcome === 'accepted') return false;
  if (verdict.rejections.length + verdict.unacceptable.length > 0) return false;
  if (!('failures' in verdict)) return true;
  // Some registries without the Referrers API answer with a web page in place of the list, and the evidence is found elsewhere.
  const isSearched = verdict.looked.length > 0;
  return verdict.failures.every(
    ({ code }) => code === 'SUBJECT_MISSING' || (isSearched && code === 'SERVICE_ANSWER'),
  );
}

function isRefused(image: ImageVerdict): boolean {
  return image.verdict.outcome !== 'accepted' && !isNothingYet(image);
}

/** One manifest: reads until its evidence is complete or the caller stops it. `index` is the image that lists it. */
export async function judgeSubject(
  subject: Subject,
  policies: NonEmpty<Policy>,
  services: JudgeServices,
  { stop = new AbortController(), index = subject }: Judging = {},
): Promise<Verdict> {
  if (!policies.some((policy) => isFor(policy, subject)))
    return evaluate(policies, subject, NOTHING);
  const image = { subject, policies, stop: stop.signal };
  const direct = await gather(image, services);
  return throughAttestations(direct, { ...image, index }, services);
}

interface Judging {
  readonly stop?: AbortController;
  readonly index?: Subject;
}

/** The verdict for an image that could not be verified at all. */
function verdictOf([failure, ...failures]: readonly Failure[]): Verdict {
  if (!failure) throw new RangeError('a failure without a reason');
  return {
    outcome: outcomeOf(failure),
    failures: [failure, ...failures],
    rejections: [],
    unacceptable: [],
    ignored: [],
    looked: [],
  };
}

/** A tag with another digest, or content that does not match its digest, is a definite result. */
function outcomeOf({ code }: Failure): 'rejected' | 'inconclusive' {
  return code === 'SUBJECT_MOVED' || code === 'DIGEST_MISMATCH' ? 'rejected' : 'inconclusive';
}
