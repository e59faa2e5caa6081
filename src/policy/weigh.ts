// Compares one policy with the verified bundles: which of its alternatives are met, and by which evidence.
import type { VerifiedBundle } from '../model/bundle.ts';
import { isNonEmpty } from '../model/non-empty.ts';
import type { Alternative, Policy } from '../model/policy.ts';
import type { Evidence, Exemption } from '../model/verdict.ts';
import { isAcceptance, type Judged, judgedBy } from './requirement.ts';

export interface WeighedPolicy {
  readonly policy: Policy;
  readonly alternatives: readonly WeighedAlternative[];
}

interface WeighedAlternative {
  readonly alternative: Alternative;
  /** Empty for a static one. */
  readonly requirements: readonly WeighedRequirement[];
}

export interface WeighedRequirement {
  readonly requirement: string;
  readonly judged: readonly Judged[];
}

export function weigh(policy: Policy, verified: readonly VerifiedBundle[]): WeighedPolicy {
  return {
    policy,
    alternatives: policy.alternatives.map((alternative) => ({
      alternative,
      requirements:
        alternative.kind === 'static'
          ? []
          : alternative.requirements.map((requirement) => ({
              requirement: requirement.name,
              judged: verified.flatMap((bundle) => judgedBy(requirement, bundle) ?? []),
            })),
    })),
  };
}

export function isMet({ alternatives }: WeighedPolicy): boolean {
  return alternatives.some(isAlternativeMet);
}

/** Whether no evidence could ever meet it. */
export function isDenied({ policy }: WeighedPolicy): boolean {
  return policy.alternatives.every((each) => each.kind === 'static' && each.action === 'fail');
}

export function requirementsOf({ alternatives }: WeighedPolicy): readonly WeighedRequirement[] {
  return alternatives.flatMap(({ requirements }) => requirements);
}

/** Of the alternatives that are met. */
export function evidenceIn({ policy, alternatives }: WeighedPolicy): readonly Evidence[] {
  const met = alternatives.filter(isAlternativeMet).flatMap(({ requirements }) => requirements);
  return met.flatMap(({ requirement, judged }): readonly Evidence[] => {
    const acceptances = judged.filter(isAcceptance);
    return isNonEmpty(acceptances) ? [{ policy: policy.name, requirement, acceptances }] : [];
  });
}

export function exemptionsIn({ policy, alternatives }: WeighedPolicy): readonly Exemption[] {
  return alternatives
    .filter(({ alternative }) => isPass(alternative))
    .map(({ alternative }) => ({ policy: policy.name, alternative: alternative.name }));
}

/** What is missing for the alternative that needs the least. */
export function unmetIn({ policy, alternatives }: WeighedPolicy): readonly string[] {
  const [nearest] = alternatives.map(missingFor).toSorted((a, b) => a.length - b.length);
  const missing = nearest ?? [];
  return policy.origin === 'inputs'
    ? missing
    : missing.map((each) => `${each} for policy "${policy.name}"`);
}

function isAlternativeMet({ alternative, requirements }: WeighedAlternative): boolean {
  if (alternative.kind === 'static') return isPass(alternative);
  return requirements.length > 0 && requirements.every(({ judged }) => judged.some(isAcceptance));
}

function isPass(alternative: Alternative): boolean {
  return alternative.kind === 'static' && alternative.action === 'pass';
}

function missingFor({ alternative, requirements }: WeighedAlternative): readonly string[] {
  if (alternative.kind === 'static')
    return [alternative.message === '' ? 'exception' : `exception (${alternative.message})`];
  return requirements
    .filter(({ judged }) => !judged.some(isAcceptance))
    .map(({ requirement }) => requirement);
}
