// Candidates that were not accepted, closest first, with identical ones reported once: anyone with push access can add hundreds.
import { isKeyHolder, type Signer } from '../model/identity.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { nameOfType } from '../model/types.ts';
import type { Finding } from '../model/rejection.ts';
import type { Seen, Unacceptable } from '../model/verdict.ts';

export interface Candidate {
  readonly place: string;
  /** Only set for a bundle that verifies. */
  readonly signer: Signer | undefined;
  readonly type: string;
  readonly findings: NonEmpty<Finding>;
  /** Others with the same signer and findings. */
  readonly alike: number;
}

/** Bundles that verify come first, and types that are not required come last. */
export function candidatesIn({ unacceptable, rejections, ignored }: Seen): readonly Candidate[] {
  return folded([
    ...nearestFirst(unacceptable).map(({ bundle, findings }) => ({
      place: bundle.found.place,
      signer: bundle.signer,
      type: nameOfType(bundle.statement.predicateType),
      findings,
    })),
    ...rejections.map(({ found, finding }) => ({
      place: found.place,
      signer: undefined,
      type: '',
      findings: [finding] as const,
    })),
    ...ignored.map(({ found, statement: { predicateType } }) => ({
      place: found.place,
      signer: undefined,
      type: nameOfType(predicateType),
      findings: [{ rule: 'type', expected: 'a required type', found: predicateType }] as const,
    })),
  ]);
}

/** Fewest failed rules first. */
export function nearestFirst(unacceptable: readonly Unacceptable[]): readonly Unacceptable[] {
  return unacceptable.toSorted((a, b) => a.findings.length - b.findings.length);
}

export function signedBy(signer: Signer): string {
  return isKeyHolder(signer)
    ? `with the key ${signer.key} (${signer.from})`
    : `by ${signer.san} (${signer.issuer})`;
}

const WHO = new Set(
  'issuer repository repository-id owner owner-id signer-workflow certificate-identity'.split(' '),
);

/**
 * Lines to paste that accept exactly this signer. None if only the circumstances of the build are rejected: naming the signer must not override those.
 * None for a key, whose PEM text is not in a bundle.
 */
export function linesFor({ signer, findings }: Candidate): readonly string[] {
  if (!signer || isKeyHolder(signer) || !findings.every(({ rule }) => WHO.has(rule))) return [];
  const { san, issuer, workflow, claims } = signer;
  const source = claims.sourceRepositoryUri;
  // Both are named for GitHub: anyone can call a reusable workflow.
  if (workflow && source !== undefined && !findings.some(({ rule }) => rule === 'issuer'))
    return [
      `repository: ${source.replace(/^https:\/\/github\.com\//, '')}`,
      `signer-workflow: ${san.replace(/^https:\/\/github\.com\//, '')}`,
    ];
  return [`certificate-identity: ${san}`, `certificate-oidc-issuer: ${issuer}`];
}

function folded(candidates: readonly Omit<Candidate, 'alike'>[]): readonly Candidate[] {
  const keyOf = ({ signer, type, findings }: Omit<Candidate, 'alike'>): string =>
    JSON.stringify([signer ? signedBy(signer) : '', type, findings]);
  return [...Map.groupBy(candidates, keyOf).values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, alike: others.length }] : [],
  );
}
