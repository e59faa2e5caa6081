// The table of claims: one line for each name in `PredicateName`.
import type { PredicateName } from '../model/request.ts';
import type { State } from './predicate.ts';
import { stateProvenance } from './provenance.ts';
import { stateSignature } from './signature.ts';

export function predicatesFor(server: string): Readonly<Record<PredicateName, State>> {
  return { signature: stateSignature, provenance: stateProvenance(server) };
}
