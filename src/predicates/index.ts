// The table of claims: one line for each name in `PredicateName`.
import type { PredicateName } from '../model/request.ts';
import type { MakeStatement } from './predicate.ts';
import { provenanceStatement } from './provenance.ts';
import { signatureStatement } from './signature.ts';

export function predicatesFor(server: string): Readonly<Record<PredicateName, MakeStatement>> {
  return { signature: signatureStatement, provenance: provenanceStatement(server) };
}
