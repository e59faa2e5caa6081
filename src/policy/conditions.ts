// What a requirement demands of a bundle itself, whoever has signed it.
import type { VerifiedBundle } from '../model/bundle.ts';
import type { Condition } from '../model/policy.ts';
import type { Finding } from '../model/verdict.ts';

/** The conditions that do not hold. */
export function findingsOnConditions(
  conditions: readonly Condition[],
  bundle: VerifiedBundle,
): readonly Finding[] {
  return conditions.flatMap((condition) =>
    condition.kind === 'annotation'
      ? findingsOnAnnotation(condition, bundle)
      : findingsOnAge(condition, bundle),
  );
}

function findingsOnAnnotation(
  { key, value }: Extract<Condition, { readonly kind: 'annotation' }>,
  { statement: { annotations = {} } }: VerifiedBundle,
): readonly Finding[] {
  const found = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
  if (found === value) return [];
  return [
    {
      rule: 'annotations',
      expected: `${key}=${value}`,
      found: found === undefined ? 'not in the signature' : `${key}=${found}`,
    },
  ];
}

/** By the earliest time: a later one may have been added to an old signature. */
function findingsOnAge(
  { notBefore, limit }: Extract<Condition, { readonly kind: 'max-age' }>,
  { times }: VerifiedBundle,
): readonly Finding[] {
  const [earliest] = times.map(({ time }) => time).toSorted((a, b) => a.getTime() - b.getTime());
  if (earliest && earliest >= notBefore) return [];
  return [
    {
      rule: 'max-age',
      expected: `at most ${limit}, signed at ${notBefore.toISOString()} or later`,
      found: earliest ? earliest.toISOString() : 'no verified time',
    },
  ];
}
