// Compares one requirement with the verified bundles: which authorities accept which bundles, and the findings for the others.
import type { VerifiedBundle } from '../model/bundle.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Requirement } from '../model/policy.ts';
import type { Acceptance, Unacceptable } from '../model/verdict.ts';
import type { Finding } from '../model/rejection.ts';
import { isForKindOf, type Opinion, opinionOf } from './authority.ts';
import { findingsOnConditions } from './conditions.ts';
import { contradictionsIn } from './provenance.ts';

export type Judged = Acceptance | Unacceptable;

export function isAcceptance(judged: Judged): judged is Acceptance {
  return !('findings' in judged);
}

/** Undefined for a bundle of a type that is not required. */
export function judgedBy(requirement: Requirement, bundle: VerifiedBundle): Judged | undefined {
  if (!requirement.predicateTypes.includes(bundle.statement.predicateType)) return undefined;
  const unmet = [
    ...contradictionsIn(bundle),
    ...findingsOnConditions(requirement.conditions, bundle),
  ];
  const opinions = mapEach(requirement.anyOf, (authority) =>
    restricted(opinionOf(authority, bundle), unmet),
  );
  const accepting = opinions.find((opinion) => 'acceptance' in opinion);
  if (accepting) return accepting.acceptance;
  const refusing = opinions.filter((opinion) => 'findings' in opinion);
  const refusals = refusing.map((each) => ({ ...each, bundle, requirement: requirement.name }));
  return isNonEmpty(refusals) ? nearestOf(refusals) : undefined;
}

/** The result of the authority for a bundle that contradicts itself or does not meet all conditions. */
function restricted(opinion: Opinion, unmet: readonly Finding[]): Opinion {
  if ('findings' in opinion) return { ...opinion, findings: [...opinion.findings, ...unmet] };
  const { authority } = opinion.acceptance;
  return isNonEmpty(unmet) ? { authority, findings: unmet } : opinion;
}

/** An authority that requires this kind of signer is closer than any other, then the one with the fewest findings. */
export function nearestOf(refusals: NonEmpty<Unacceptable>): Unacceptable {
  const ofKind = refusals.filter(({ authority, bundle }) => isForKindOf(authority, bundle));
  const near = isNonEmpty(ofKind) ? ofKind : refusals;
  return near.reduce((nearest, each) =>
    each.findings.length < nearest.findings.length ? each : nearest,
  );
}
