// The artifact that a bundle must be about: an image in the product, a file in the client of sigstore-conformance.
import type { Claimed } from '../../model/bundle.ts';
import { type Digest, hexOf } from '../../model/digest.ts';
import { SIGNATURE_TYPES } from '../../model/types.ts';
import { isAbout, type Statement } from '../../model/statement.ts';
import { readProvenance } from '../../provenance/read.ts';
import { Refusal } from '../refusal.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { type MessageOf, signedBytes } from './signed.ts';
import { signedLayer, statementOf } from './signed-statement.ts';

/** Both methods throw a `Refusal` if the signed content is not about the artifact. */
export interface Artifact {
  readonly messageOf: MessageOf;
  /** The content of a bundle about the artifact; for bundles with a valid signature. */
  claimIn(parsed: ParsedBundle): Claimed;
}

/** The manifest with this digest. A message signature is about it only in the layer of a `.sig` image. */
export function imageOf(digest: Digest): Artifact {
  return {
    messageOf: (_, layer) => signedBytes(signedLayer(layer)),
    claimIn: (parsed) => claimAbout(digest, statementOf(parsed)),
  };
}

export function claimAbout(digest: Digest, statement: Statement): Claimed {
  if (isAbout(statement, digest)) return claimed(digest, statement);
  const subjects = statement.subject
    .slice(0, 3)
    .map((subject) => `sha256:${subject.digest['sha256'] ?? '(none)'}`);
  throw new Refusal('SUBJECT', 'subject', digest, subjects.join(', '));
}

function claimed(digest: Digest, statement: Statement): Claimed {
  const provenance = readProvenance(statement);
  return {
    predicateType: statement.predicateType,
    ...annotationsAbout(digest, statement),
    ...(provenance ? { provenance } : {}),
  };
}

/** For signatures only: documents have a predicate. If the image is listed twice, only the pairs of both. */
function annotationsAbout(
  digest: Digest,
  { predicateType, subject }: Statement,
): Pick<Claimed, 'annotations'> {
  if (!SIGNATURE_TYPES.includes(predicateType)) return {};
  const about = subject.filter((each) => each.digest['sha256'] === hexOf(digest));
  const pairs = about
    .map(({ annotations = {} }) => Object.entries(annotations))
    .reduce((common, each) => common.filter(([key, value]) => each.some(isPair(key, value))))
    .filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return pairs.length > 0 ? { annotations: Object.fromEntries(pairs) } : {};
}

function isPair(key: string, value: unknown): (pair: readonly [string, unknown]) => boolean {
  return ([otherKey, otherValue]) => otherKey === key && otherValue === value;
}
