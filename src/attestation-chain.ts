// Provenance that BuildKit attached to an image and a workflow signed: index → platform → attestation manifest → bundle, each by digest.
import { sideBySide } from './concurrency/side-by-side.ts';
import { actionErrorsOf } from './errors.ts';
import { gather, type GatherServices, type ImageToJudge } from './gathering.ts';
import { isNonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { Subject } from './model/subject.ts';
import { NAMED_TYPES } from './model/types.ts';
import type { Acceptance, Evidence, Verdict } from './model/verdict.ts';
import { requirementsFor } from './policy/authorities.ts';
import { evaluate, type Gathered } from './policy/evaluate.ts';
import type { Source } from './sources/source.ts';

/** A platform of an index, and where the signatures of its provenance are. */
export interface AttestedPart {
  readonly subject: Subject;
  /** Empty if BuildKit wrote nothing about it. */
  readonly sources: readonly Source[];
}

/** Empty for an image without an index. Throws `ActionError`s. */
export type AttestedPartsOf = (index: Subject) => Promise<readonly AttestedPart[]>;

export interface ChainServices extends GatherServices {
  /** Absent if no request is allowed for it. */
  readonly attestedPartsOf?: AttestedPartsOf;
}

/** Platforms that are verified at once. */
const WIDTH = 4;

/** Reads attestations only if the image itself does not satisfy the policies and provenance could: an index needs it for each of its platforms. */
export async function throughAttestations(
  direct: Gathered,
  image: ImageToJudge & { readonly index: Subject },
  services: ChainServices,
): Promise<Verdict> {
  const { subject, policies, index } = image;
  const verdict = evaluate(policies, subject, direct);
  const { attestedPartsOf, deadline } = services;
  if (verdict.outcome === 'accepted' || !attestedPartsOf || deadline.aborted) return verdict;
  if (!policies.some(wantsProvenance)) return verdict;
  try {
    const parts = (await attestedPartsOf(index)).filter(
      (part) => subject === index || part.subject.digest === subject.digest,
    );
    if (parts.every(({ sources }) => sources.length === 0)) return verdict;
    const verdicts = await sideBySide(parts, WIDTH, async ({ sources }) =>
      evaluate(policies, subject, await gather(image, { ...services, sources }, direct)),
    );
    return together(verdicts) ?? verdict;
  } catch (error) {
    const failures = [...direct.failures, ...actionErrorsOf(error)];
    return evaluate(policies, subject, { ...direct, failures });
  }
}

function wantsProvenance(policy: Policy): boolean {
  return requirementsFor(policy).some(({ predicateTypes }) =>
    predicateTypes.some((type) => NAMED_TYPES['provenance']?.includes(type)),
  );
}

/** Accepted if every platform is. */
function together(verdicts: readonly Verdict[]): Verdict | undefined {
  const [first] = verdicts;
  const refused = verdicts.find(({ outcome }) => outcome !== 'accepted');
  if (refused || first?.outcome !== 'accepted') return refused;
  const all = verdicts.flatMap((each) => (each.outcome === 'accepted' ? each.evidence : []));
  const evidence = [...Map.groupBy(all, nameOf).values()].flatMap(joined);
  return isNonEmpty(evidence) ? { ...first, evidence } : first;
}

function nameOf({ policy, requirement }: Evidence): string {
  return JSON.stringify([policy, requirement]);
}

function joined(same: readonly Evidence[]): readonly Evidence[] {
  const [first] = same;
  const byBundle = new Map<Acceptance['bundle'], Acceptance>(
    same.flatMap(({ acceptances }) => acceptances.map((each) => [each.bundle, each] as const)),
  );
  const acceptances = [...byBundle.values()];
  return first && isNonEmpty(acceptances) ? [{ ...first, acceptances }] : [];
}
