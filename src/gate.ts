// The gate for one image: finds bundles, verifies each as it arrives, and stops when the evidence is complete.
import { IDLE, merged } from './concurrency/merged.ts';
import type { Again } from './concurrency/patience.ts';
import { sideBySide } from './concurrency/side-by-side.ts';
import { actionErrorsOf } from './errors.ts';
import type { FoundBundle } from './model/bundle.ts';
import type { NonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { Reference } from './model/reference.ts';
import type { Subject } from './model/subject.ts';
import type {
  Checked,
  Concluded,
  Failure,
  ImageVerdict,
  Looked,
  Postponed,
  Verdict,
} from './model/verdict.ts';
import { evaluate, isFinal, isFor } from './policy/evaluate.ts';
import type { Verify } from './sigstore/verify/verifier.ts';
import type { Discovery, Source } from './sources/source.ts';
import type { PartsOf } from './subjects/parts.ts';
import type { Resolve } from './subjects/resolve.ts';

export interface JudgeServices {
  readonly sources: NonEmpty<Source>;
  readonly loadVerifier: () => Promise<Verify>;
  /** Aborted when the step stops reading. */
  readonly deadline: AbortSignal;
  /** What to report of that. */
  readonly outOfTime: (state: string) => Failure;
}

export interface GateServices extends JudgeServices {
  readonly resolve: Resolve;
  /** Parts of an image that have to be accepted, too. */
  readonly partsOf: PartsOf;
  /** Whether to look again where nothing was found. */
  readonly again: Again;
}

/** Milliseconds without anything to judge, after which another trusted root is asked for. */
const IDLE_AFTER = 1000;
/** Parts of one image that are judged at once. */
const PARTS_AT_ONCE = 4;
/** Bytes of bundles that wait for another root. */
const POSTPONED_LIMIT = 32 << 20;

/** An image as it is named, and its parts if they count: looked at again while nothing is found that could be refused. */
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

/** What the name stands for is judged, unless it cannot be known or moves meanwhile. */
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
      judgeSubject(image, policies, services, stop),
      services.partsOf(image),
      resolved.confirmed,
    ]);
    const others = await sideBySide(parts, PARTS_AT_ONCE, async (part) => ({
      ...about,
      part: part.name,
      subject: part.subject,
      verdict: await judgePart(part.subject, policies, services),
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
  policies: NonEmpty<Policy>,
  services: GateServices,
): Promise<Verdict> {
  return judgeSubject(subject, policies, services).catch((error: unknown) =>
    verdictOf(actionErrorsOf(error)),
  );
}

/** Nothing that was found has been refused: there may be more in a moment. */
function isNothingYet({ verdict }: ImageVerdict): boolean {
  if (verdict.outcome === 'accepted') return false;
  if ('failures' in verdict)
    return verdict.failures.every(({ code }) => code === 'SUBJECT_MISSING');
  return verdict.rejections.length + verdict.unacceptable.length === 0;
}

function isRefused(image: ImageVerdict): boolean {
  return image.verdict.outcome !== 'accepted' && !isNothingYet(image);
}

/** One manifest: reads until its evidence is complete, or until somebody stops it. */
export async function judgeSubject(
  subject: Subject,
  policies: NonEmpty<Policy>,
  services: JudgeServices,
  stop = new AbortController(),
): Promise<Verdict> {
  if (!policies.some((policy) => isFor(policy, subject)))
    return evaluate(policies, subject, { checked: [], looked: [], failures: [] });
  const streams = services.sources.map((source) => source.find(subject, stop.signal));
  try {
    const gathering = new Gathering(subject, policies, services, await services.loadVerifier());
    for await (const discovery of merged(streams, IDLE_AFTER)) {
      if (discovery === IDLE) await gathering.decidePostponed();
      else await gathering.take(discovery);
      if (gathering.isComplete) return gathering.verdict();
    }
    await gathering.decidePostponed();
    return gathering.verdict();
  } finally {
    stop.abort();
  }
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

/** A tag that points elsewhere, or content that does not match its digest, is a definite result. */
function outcomeOf({ code }: Failure): 'rejected' | 'inconclusive' {
  return code === 'SUBJECT_MOVED' || code === 'DIGEST_MISMATCH' ? 'rejected' : 'inconclusive';
}

/** What is known of one image so far. */
class Gathering {
  readonly #subject: Subject;
  readonly #policies: NonEmpty<Policy>;
  readonly #services: JudgeServices;
  readonly #verify: Verify;
  readonly #checked: Concluded[] = [];
  readonly #looked: Looked[] = [];
  readonly #failures: Failure[] = [];
  readonly #postponed: Postponed[] = [];
  #postponedBytes = 0;
  #isLate = false;
  #isAccepted = false;

  constructor(
    subject: Subject,
    policies: NonEmpty<Policy>,
    services: JudgeServices,
    verify: Verify,
  ) {
    this.#subject = subject;
    this.#policies = policies;
    this.#services = services;
    this.#verify = verify;
  }

  /** Whether more bundles cannot change the verdict, or the deadline has passed. */
  get isComplete(): boolean {
    return this.#isAccepted || this.#isLate;
  }

  async take(discovery: Discovery): Promise<void> {
    if ('looked' in discovery) this.#looked.push(discovery.looked);
    if ('failure' in discovery) this.#failures.push(discovery.failure);
    if (this.#isInTime() && 'found' in discovery) await this.#check(discovery.found);
  }

  /** Bundles that may only verify with another trusted root. */
  async decidePostponed(): Promise<void> {
    const postponed = this.#postponed.splice(0);
    this.#postponedBytes = 0;
    for (const { postponed: decide } of postponed) {
      if (this.isComplete || !this.#isInTime()) return;
      await this.#note(decide);
    }
  }

  verdict(): Verdict {
    return evaluate(this.#policies, this.#subject, {
      checked: this.#checked,
      looked: this.#looked,
      failures: rarestFirst(this.#failures),
    });
  }

  async #check(found: FoundBundle): Promise<void> {
    const size = (found.layer ?? found.json).length;
    await this.#note(() => this.#verify(found, this.#subject.digest), size);
    if (this.#postponedBytes > POSTPONED_LIMIT) await this.decidePostponed();
  }

  async #note(check: () => Promise<Checked>, size = 0): Promise<void> {
    try {
      const checked = await check();
      if ('postponed' in checked) {
        this.#postponed.push(checked);
        this.#postponedBytes += size;
        return;
      }
      this.#checked.push(checked);
      if ('verified' in checked) this.#isAccepted = isFinal(this.verdict());
    } catch (error) {
      this.#failures.push(...actionErrorsOf(error));
    }
  }

  #isInTime(): boolean {
    if (!this.#services.deadline.aborted) return true;
    if (!this.#isLate)
      this.#failures.push(this.#services.outOfTime('not every bundle was verified'));
    this.#isLate = true;
    return false;
  }
}

/** A problem with a place is more informative than one with each of hundreds of candidates. */
function rarestFirst(failures: readonly Failure[]): readonly Failure[] {
  const alike = Map.groupBy(failures, ({ code, remedy }) => `${code} ${remedy}`);
  return [...alike.values()].sort((a, b) => a.length - b.length).flat();
}
