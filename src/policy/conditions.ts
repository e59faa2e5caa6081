// What a requirement demands of a bundle itself, regardless of its signer.
import type { VerifiedBundle } from '../model/bundle.ts';
import type { Condition } from '../model/policy.ts';
import type { Finding } from '../model/rejection.ts';

/** The conditions that are not met. */
export function findingsOnConditions(
  conditions: readonly Condition[],
  bundle: VerifiedBundle,
): readonly Finding[] {
  return conditions.flatMap((condition) => {
    switch (condition.kind) {
      case 'annotation':
        return findingsOnAnnotation(condition, bundle);
      case 'max-age':
        return findingsOnAge(condition, bundle);
      case 'format':
        return findingsOnFormat(condition.format, bundle);
    }
  });
}

/** policy-controller reads one of two places, and never GitHub's store. A file of the user counts as a bundle of the registry. */
function findingsOnFormat(
  format: 'legacy' | 'bundle',
  { found: { source } }: VerifiedBundle,
): readonly Finding[] {
  const expected = FORMATS[format];
  if (expected.sources.some((each) => each === source)) return [];
  const found = Object.values(FORMATS).find(({ sources }) =>
    sources.some((each) => each === source),
  );
  return [{ rule: 'signatureFormat', expected: expected.text, found: found?.text ?? source }];
}

const FORMATS = {
  legacy: { sources: ['legacy'], text: 'legacy, a tag of cosign v2' },
  bundle: { sources: ['registry', 'file'], text: 'bundle, in the registry' },
} as const;

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
