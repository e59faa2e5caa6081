// Finds the bundles of one image, verifies each as it arrives, and stops when the evidence is complete.
import { IDLE, merged } from './concurrency/merged.ts';
import { actionErrorsOf } from './errors.ts';
import type { FoundBundle } from './model/found.ts';
import type { VerifiedBundle } from './model/bundle.ts';
import type { NonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { Subject } from './model/subject.ts';
import type { Checked, Failure, Looked, Verdict } from './model/verdict.ts';
import { evaluate, type Gathered, isEvidence, isFinal } from './policy/evaluate.ts';
import type { Verify } from './sigstore/verify/verifier.ts';
import type { Discovery, Source } from './sources/source.ts';

export interface GatherServices {
  readonly sources: readonly Source[];
  readonly loadVerifier: () => Promise<Verify>;
  /** Aborted when the step stops reading. */
  readonly deadline: AbortSignal;
  /** What to report of that. */
  readonly outOfTime: (state: string) => Failure;
  /** Takes the bytes of every bundle that a requirement accepts; absent where they are of no use. */
  readonly keepEvidence?: (bundle: VerifiedBundle, found: FoundBundle) => void;
}

export interface ImageToJudge {
  readonly subject: Subject;
  readonly policies: NonEmpty<Policy>;
  readonly stop: AbortSignal;
}

export const NOTHING: Gathered = { checked: [], looked: [], failures: [] };

/** Milliseconds without a new bundle, after which another trusted root is loaded. */
const IDLE_AFTER = 1000;
/** Bytes of bundles that wait for another root. */
const POSTPONED_LIMIT = 32 << 20;

/** In addition to the problems known so far. */
export async function gather(
  image: ImageToJudge,
  services: GatherServices,
  known: Gathered = NOTHING,
): Promise<Gathered> {
  const done = new AbortController();
  const signal = AbortSignal.any([image.stop, done.signal]);
  const streams = services.sources.map((source) => source.find(image.subject, signal));
  try {
    const gathering = new Gathering(image, services, await services.loadVerifier(), known);
    for await (const discovery of merged(streams, IDLE_AFTER)) {
      if (discovery === IDLE) await gathering.decidePostponed();
      else await gathering.take(discovery);
      if (gathering.isComplete) return gathering.gathered();
    }
    await gathering.decidePostponed();
    return gathering.gathered();
  } finally {
    done.abort();
  }
}

/** A bundle that may only verify with another trusted root. */
interface Waiting {
  readonly found: FoundBundle;
  readonly decide: () => Promise<Checked>;
}

/** The state of the search for one image. */
class Gathering {
  readonly #image: ImageToJudge;
  readonly #services: GatherServices;
  readonly #verify: Verify;
  readonly #checked: Checked[];
  readonly #looked: Looked[];
  readonly #failures: Failure[];
  readonly #postponed: Waiting[] = [];
  #postponedBytes = 0;
  #isLate = false;
  #isAccepted = false;

  constructor(
    image: ImageToJudge,
    services: GatherServices,
    verify: Verify,
    { checked, looked, failures }: Gathered,
  ) {
    this.#image = image;
    this.#services = services;
    this.#verify = verify;
    this.#checked = [...checked];
    this.#looked = [...looked];
    this.#failures = [...failures];
  }

  /** Whether more bundles cannot change the verdict, or the deadline has passed. */
  get isComplete(): boolean {
    return this.#isAccepted || this.#isLate;
  }

  async take(discovery: Discovery): Promise<void> {
    if ('looked' in discovery) this.#looked.push(discovery.looked);
    if ('failure' in discovery) this.#failures.push(discovery.failure);
    // After the deadline, sources report which requests had no answer.
    if ('found' in discovery && this.#isInTime()) await this.#check(discovery.found);
  }

  async decidePostponed(): Promise<void> {
    const postponed = this.#postponed.splice(0);
    this.#postponedBytes = 0;
    for (const { found, decide } of postponed) {
      if (this.isComplete || !this.#isInTime()) return;
      await this.#note(found, decide);
    }
  }

  gathered(): Gathered {
    const failures = rarestFirst(this.#failures);
    return { checked: this.#checked, looked: this.#looked, failures };
  }

  async #check(found: FoundBundle): Promise<void> {
    const { digest } = this.#image.subject;
    await this.#note(found, () => this.#verify(found, found.attested?.image ?? digest));
    if (this.#postponedBytes > POSTPONED_LIMIT) await this.decidePostponed();
  }

  async #note(found: FoundBundle, check: () => Promise<Checked>): Promise<void> {
    try {
      const checked = await check();
      if ('postponed' in checked) {
        this.#postponed.push({ found, decide: checked.postponed });
        this.#postponedBytes += (found.layer ?? found.json).length;
        return;
      }
      this.#checked.push(checked);
      if (!('verified' in checked)) return;
      this.#keep(checked.verified, found);
      this.#isAccepted = isFinal(this.#verdict());
    } catch (error) {
      this.#failures.push(...actionErrorsOf(error));
    }
  }

  #keep(bundle: VerifiedBundle, found: FoundBundle): void {
    const { subject, policies } = this.#image;
    const { keepEvidence } = this.#services;
    if (keepEvidence && isEvidence(policies, subject, bundle)) keepEvidence(bundle, found);
  }

  #verdict(): Verdict {
    return evaluate(this.#image.policies, this.#image.subject, this.gathered());
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
