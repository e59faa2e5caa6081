// The verdict for one image from everything that was found; without I/O, and the only place that returns "accepted".
import { isWitnessed, type VerifiedBundle } from '../model/bundle.ts';
import { matches } from '../model/matcher.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { Policy } from '../model/policy.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import type {
  Checked,
  Evidence,
  Failure,
  Looked,
  Seen,
  Unacceptable,
  Verdict,
} from '../model/verdict.ts';
import { authoritiesIn } from './authorities.ts';
import { opinionOf } from './authority.ts';
import { isAcceptance, type Judged, judgedBy, nearestOf } from './requirement.ts';

export interface Gathered {
  readonly checked: readonly Checked[];
  readonly looked: readonly Looked[];
  /** Sources that could not be read: they might have held the evidence. */
  readonly failures: readonly Failure[];
}

/** What became of one requirement. */
interface Weighed {
  readonly policy: string;
  readonly requirement: string;
  readonly judged: readonly Judged[];
}

/**
 * Every requirement of every policy for the image needs one bundle that one of its authorities accepts, so more bundles can only help: invalid bundles next to
 * a valid one change nothing. Without evidence an unread source makes the verdict inconclusive, not a refusal.
 */
export function evaluate(
  policies: NonEmpty<Policy>,
  image: Repository,
  { checked, looked, failures }: Gathered,
): Verdict {
  const matching = policies.filter(({ images }) => matches(images, formatRepository(image)));
  const standing = checked.map((each) => standingOf(each, matching));
  const verified = standing.flatMap((each) => ('verified' in each ? [each.verified] : []));
  const weighed = matching.flatMap((policy) => weigh(policy, verified));
  const seen: Seen = {
    rejections: standing.flatMap((each) => ('rejected' in each ? [each.rejected] : [])),
    ...sorted(verified, weighed),
    looked,
  };
  const evidence = weighed.flatMap(evidenceIn);
  const unmet = weighed.filter(({ judged }) => !judged.some(isAcceptance));
  if (isNonEmpty(evidence) && unmet.length === 0) return { ...seen, outcome: 'accepted', evidence };
  if (isNonEmpty(failures)) return { ...seen, outcome: 'inconclusive', failures };
  const names = unmet.map(({ requirement }) => requirement);
  return {
    ...seen,
    outcome: checked.length > 0 ? 'rejected' : 'unattested',
    unmet: isNonEmpty(names) ? names : ['policy for this image'],
  };
}

/** What nobody has witnessed does not hold for whoever asks for a witness. */
function standingOf(checked: Checked, policies: readonly Policy[]): Checked {
  if (!('verified' in checked) || isWitnessed(checked.verified)) return checked;
  const bundle = checked.verified;
  const isTaken = authoritiesIn(policies).some((each) => 'acceptance' in opinionOf(each, bundle));
  return isTaken ? checked : { rejected: bundle.unwitnessed };
}

function weigh(policy: Policy, verified: readonly VerifiedBundle[]): readonly Weighed[] {
  return policy.requirements.map((requirement) => ({
    policy: policy.name,
    requirement: requirement.name,
    judged: verified.flatMap((bundle) => judgedBy(requirement, bundle) ?? []),
  }));
}

/** Each bundle that a requirement refuses, by the refusal that comes nearest, and those that no requirement is about. */
function sorted(
  verified: readonly VerifiedBundle[],
  weighed: readonly Weighed[],
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

function evidenceIn({ policy, requirement, judged }: Weighed): readonly Evidence[] {
  const acceptances = judged.filter(isAcceptance);
  return isNonEmpty(acceptances) ? [{ policy, requirement, acceptances }] : [];
}
