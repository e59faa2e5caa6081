// The verdict for one image from everything that was found; without I/O, and the only place that returns "accepted".
import { isWitnessed, type VerifiedBundle } from '../model/bundle.ts';
import { formatMatcher, matches } from '../model/matcher.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { Policy } from '../model/policy.ts';
import { formatForClusters, type Subject } from '../model/subject.ts';
import type { Checked, Failure, Looked, Seen, Unacceptable, Verdict } from '../model/verdict.ts';
import { authoritiesIn, requirementsFor } from './authorities.ts';
import { opinionOf } from './authority.ts';
import { isAcceptance, judgedBy, nearestOf } from './requirement.ts';
import {
  evidenceIn,
  exemptionsIn,
  isDenied,
  isMet,
  requirementsOf,
  unmetIn,
  weigh,
  type WeighedRequirement,
} from './weigh.ts';

export interface Gathered {
  readonly checked: readonly Checked[];
  readonly looked: readonly Looked[];
  /** Sources that could not be read: they might contain the evidence. */
  readonly failures: readonly Failure[];
}

/** Whether the policy is about the image. */
export function isFor({ images }: Policy, image: Subject): boolean {
  return matches(images, formatForClusters(image));
}

/** Whether a requirement of a policy for the image accepts the bundle. */
export function isEvidence(
  policies: NonEmpty<Policy>,
  image: Subject,
  bundle: VerifiedBundle,
): boolean {
  return policies
    .filter((policy) => isFor(policy, image))
    .flatMap(requirementsFor)
    .some((requirement) => {
      const judged = judgedBy(requirement, bundle);
      return judged !== undefined && isAcceptance(judged);
    });
}

/**
 * Every policy for the image needs one alternative, of which every requirement needs one bundle that one of its authorities accepts. So more bundles can only help:
 * invalid bundles next to a valid one change nothing. Without evidence an unread source makes the verdict inconclusive, not a refusal.
 */
export function evaluate(
  policies: NonEmpty<Policy>,
  image: Subject,
  { checked, looked, failures }: Gathered,
): Verdict {
  const matching = policies.filter((policy) => isFor(policy, image));
  const standing = checked.map((each) => standingOf(each, matching));
  const verified = standing.flatMap((each) => ('verified' in each ? [each.verified] : []));
  const weighed = matching.map((policy) => weigh(policy, verified));
  const unmet = weighed.filter((each) => !isMet(each));
  const deciding = unmet.filter(({ policy }) => policy.mode === 'enforce');
  const warnings = unmet.filter(({ policy }) => policy.mode === 'warn').flatMap(unmetIn);
  const seen: Seen = {
    rejections: standing.flatMap((each) => ('rejected' in each ? [each.rejected] : [])),
    ...sorted(verified, weighed.flatMap(requirementsOf)),
    looked,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  if (matching.length === 0)
    return { ...seen, outcome: 'rejected', failures: [unmatched(policies, image)] };
  if (deciding.length === 0) {
    const met = weighed.filter(isMet);
    const evidence = met.flatMap(evidenceIn);
    const exemptions = met.flatMap(exemptionsIn);
    if (isNonEmpty(evidence)) return { ...seen, outcome: 'accepted', evidence, exemptions };
    if (isNonEmpty(exemptions)) return { ...seen, outcome: 'accepted', evidence: [], exemptions };
  }
  const names = (deciding.length > 0 ? deciding : unmet).flatMap(unmetIn);
  const [first = 'policy for this image', ...others] = names;
  const reasons: NonEmpty<string> = [first, ...others];
  if (deciding.some(isDenied)) return { ...seen, outcome: 'rejected', unmet: reasons };
  if (isNonEmpty(failures)) return { ...seen, outcome: 'inconclusive', failures };
  return { ...seen, outcome: checked.length > 0 ? 'rejected' : 'unattested', unmet: reasons };
}

/** More bundles could still meet a policy that only warns. */
export function isFinal({ outcome, warnings = [] }: Verdict): boolean {
  return outcome === 'accepted' && warnings.length === 0;
}

function unmatched(policies: NonEmpty<Policy>, image: Subject): Failure {
  const globs = policies.map(({ images }) => formatMatcher(images)).join(', ');
  return {
    kind: 'input',
    code: 'POLICY_UNMATCHED',
    message: `Cannot verify "${formatForClusters(image)}": no policy is for this image`,
    remedy: `add a policy whose "images" match it; those that were read match ${globs}`,
  };
}

/** A bundle without a log entry or timestamp fails if one is required. */
function standingOf(checked: Checked, policies: readonly Policy[]): Checked {
  if (!('verified' in checked) || isWitnessed(checked.verified)) return checked;
  const bundle = checked.verified;
  const isTaken = authoritiesIn(policies).some((each) => 'acceptance' in opinionOf(each, bundle));
  return isTaken ? checked : { rejected: bundle.unwitnessed };
}

/** Each bundle that a requirement rejects, with the closest rejection, and those that no requirement is about. */
function sorted(
  verified: readonly VerifiedBundle[],
  weighed: readonly WeighedRequirement[],
): Pick<Seen, 'unacceptable' | 'ignored'> {
  const judged = Map.groupBy(
    weighed.flatMap((each) => each.judged),
    ({ bundle }) => bundle,
  );
  return {
    unacceptable: verified.flatMap((bundle): readonly Unacceptable[] => {
      const refusals = (judged.get(bundle) ?? []).filter((each) => 'findings' in each);
      return isNonEmpty(refusals) ? [nearestOf(refusals)] : [];
    }),
    ignored: verified.filter((bundle) => !judged.has(bundle)),
  };
}
