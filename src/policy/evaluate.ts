// The verdict for one image from everything that was found; without I/O, and the only place that returns "accepted".
import type { VerifiedBundle } from '../model/bundle.ts';
import { isNonEmpty } from '../model/non-empty.ts';
import type { RequiredType, Requirements } from '../model/request.ts';
import type {
  Checked,
  Evidence,
  Failure,
  Looked,
  Seen,
  Unacceptable,
  Verdict,
} from '../model/verdict.ts';
import { findingsFor } from './rules.ts';

export interface Gathered {
  readonly checked: readonly Checked[];
  readonly looked: readonly Looked[];
  /** Sources that could not be read: they might have held the evidence. */
  readonly failures: readonly Failure[];
}

/**
 * Every required type needs one bundle that satisfies every rule about its signer, so more bundles can only help: invalid bundles next to a valid one change
 * nothing. Without evidence an unread source makes the verdict inconclusive, not a refusal.
 */
export function evaluate(
  requirements: Requirements,
  { checked, looked, failures }: Gathered,
): Verdict {
  const verified = checked.flatMap((each) => ('verified' in each ? [each.verified] : []));
  const judged = verified.map((bundle) => ({
    bundle,
    findings: findingsFor(bundle.signer, requirements),
  }));
  const required = judged.filter(({ bundle }) =>
    requirements.require.some((type) => isOf(type, bundle)),
  );
  const seen: Seen = {
    rejections: checked.flatMap((each) => ('rejected' in each ? [each.rejected] : [])),
    unacceptable: required.flatMap(({ bundle, findings }): Unacceptable[] =>
      isNonEmpty(findings) ? [{ bundle, findings }] : [],
    ),
    ignored: verified.filter((bundle) => !required.some((each) => each.bundle === bundle)),
    looked,
  };
  const evidence = requirements.require.flatMap((type): Evidence[] => {
    const bundles = required
      .filter(({ bundle, findings }) => isOf(type, bundle) && findings.length === 0)
      .map(({ bundle }) => bundle);
    return isNonEmpty(bundles) ? [{ requirement: type.name, bundles }] : [];
  });
  const unmet = requirements.require
    .map(({ name }) => name)
    .filter((name) => !evidence.some(({ requirement }) => requirement === name));
  if (isNonEmpty(evidence) && !isNonEmpty(unmet)) return { ...seen, outcome: 'accepted', evidence };
  if (isNonEmpty(failures)) return { ...seen, outcome: 'inconclusive', failures };
  const [first = 'signature', ...others] = unmet;
  return {
    ...seen,
    outcome: checked.length > 0 ? 'rejected' : 'unattested',
    unmet: [first, ...others],
  };
}

function isOf({ predicateTypes }: RequiredType, { statement }: VerifiedBundle): boolean {
  return predicateTypes.includes(statement.predicateType);
}
