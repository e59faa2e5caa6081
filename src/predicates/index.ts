// The table of claims, one line for each kind.
import type { Claim } from '../model/claim.ts';
import { documentStatement } from './document.ts';
import type { MakeStatement } from './predicate.ts';
import { provenanceStatement } from './provenance.ts';
import { signatureStatement } from './signature.ts';

/** `server` is the URL of the GitHub server, `https://github.com`. */
export function statementOf(claim: Claim, server: string): MakeStatement {
  switch (claim.kind) {
    case 'signature':
      return signatureStatement(claim.annotations);
    case 'provenance':
      return provenanceStatement(server);
    case 'document':
      return documentStatement(claim);
  }
}
