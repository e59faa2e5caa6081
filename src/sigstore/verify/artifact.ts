// What a bundle has to be about: an image in the product, a file in the client of sigstore-conformance.
import type { MessageSignature } from '@sigstore/bundle';
import type { Digest } from '../../model/digest.ts';
import { isAbout, type Statement } from '../../model/statement.ts';
import { Refusal } from '../refusal.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { type Signed, signedBytes } from './signed.ts';
import { signedLayer, statementOf } from './signed-statement.ts';

export type Claim = Pick<Statement, 'predicateType'>;

/** Both methods throw a `Refusal` where what is signed says nothing about the artifact. */
export interface Artifact {
  /** What a message signature is over; an envelope says that itself. */
  messageOf(message: MessageSignature, layer: Buffer | undefined): Signed;
  /** What a bundle claims of the artifact; for bundles whose signature holds. */
  claimIn(parsed: ParsedBundle): Claim;
}

/** The manifest with this digest. A message signature speaks of it in the layer of a `.sig` image alone. */
export function imageOf(digest: Digest): Artifact {
  return {
    messageOf: (_, layer) => signedBytes(signedLayer(layer)),
    claimIn: (parsed) => claimAbout(digest, statementOf(parsed)),
  };
}

function claimAbout(digest: Digest, statement: Statement): Claim {
  if (isAbout(statement, digest)) return { predicateType: statement.predicateType };
  const subjects = statement.subject
    .slice(0, 3)
    .map((subject) => `sha256:${subject.digest['sha256'] ?? '(none)'}`);
  throw new Refusal('SUBJECT', 'subject', digest, subjects.join(', '));
}
