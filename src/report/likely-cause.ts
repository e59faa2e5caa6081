// The likely cause of a rejection in a few words, for the most common cases.
import { isKeyHolder } from '../model/identity.ts';
import { PROVENANCE_TYPE } from '../model/types.ts';
import { type Finding, NOT_STATED } from '../model/rejection.ts';
import type { Seen } from '../model/verdict.ts';
import { nearestFirst } from './candidates.ts';

/** A sentence, or undefined if only the findings can explain the rejection. */
export function likelyCause(seen: Seen, unmet: readonly string[]): string | undefined {
  const [near] = nearestFirst(seen.unacceptable);
  if (near) {
    if (near.findings.every(({ rule }) => rule.startsWith('provenance-')))
      return 'The provenance contradicts the certificate that signs it';
    const [first, ...others] = near.findings;
    return others.length === 0 ? causeOf(first, isKeyHolder(near.bundle.signer)) : undefined;
  }
  const isOnlyProvenance =
    seen.rejections.length === 0 &&
    seen.ignored.length > 0 &&
    seen.ignored.every(({ statement }) => statement.predicateType === PROVENANCE_TYPE);
  return isOnlyProvenance && unmet.includes('signature')
    ? 'A provenance attestation is not a signature'
    : undefined;
}

function causeOf({ rule, expected, found }: Finding, isKey: boolean): string | undefined {
  if (found === NOT_STATED) return undefined;
  switch (rule) {
    case 'source-ref':
      return 'Only the ref of the build differs';
    case 'event':
      return 'Only the event of the run differs';
    case 'certificate':
      return isKey ? 'It is signed with a key, and this gate has no "key"' : undefined;
    case 'key':
      return isKey
        ? 'It is signed with another key'
        : 'It is signed with a certificate, and this gate requires a key';
    case 'signer-workflow':
      return causeInWorkflow(expected, found);
    default:
      return undefined;
  }
}

function causeInWorkflow(expected: string, found: string): string | undefined {
  const fileOf = (url: string): string => url.split('@')[0] ?? '';
  if (fileOf(expected) === fileOf(found)) return 'Only the ref of the signing workflow differs';
  // All other facts of the repository match: a workflow of another one signed for it.
  return expected.endsWith('/*')
    ? 'A reusable workflow of another repository signed it'
    : undefined;
}
