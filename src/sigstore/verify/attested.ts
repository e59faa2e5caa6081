// An image whose BuildKit statement is in an attestation manifest with a signature.
// https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
import type { Attested } from '../../model/found.ts';
import type { Claimed } from '../../model/bundle.ts';
import { type Digest, digestOf } from '../../model/digest.ts';
import { parseStatement } from '../../model/statement.ts';
import { NAMED_TYPES, SIGNATURE_TYPES } from '../../model/types.ts';
import { isRecord } from '../../text/json.ts';
import { isProblem } from '../../text/parsed.ts';
import { parseStrictJson } from '../../text/strict-json.ts';
import { Refusal } from '../refusal.ts';
import { type Artifact, claimAbout } from './artifact.ts';
import { signedBytes } from './signed.ts';
import { signedLayer, statementOf } from './signed-statement.ts';

/** Commas and brackets in a manifest. */
const VALUES = 10_000;

/** The signature is over the manifest, the manifest lists the statement by digest, and the statement is about the image. */
export function attestedImage(image: Digest, { manifest, statement }: Attested): Artifact {
  return {
    messageOf: (_, layer) => signedBytes(signedLayer(layer)),
    claimIn(parsed) {
      const { predicateType } = claimAbout(digestOf(manifest), statementOf(parsed));
      if (!SIGNATURE_TYPES.includes(predicateType))
        throw new Refusal('STATEMENT', 'type', 'a signature of the attestation', predicateType);
      const listed = digestOf(statement);
      if (!layersIn(manifest).includes(listed))
        throw new Refusal('SUBJECT', 'attestation', 'listed in the signed manifest', listed);
      return provenanceAbout(image, statement);
    },
  };
}

function layersIn(manifest: Buffer): readonly unknown[] {
  const parsed = parseStrictJson(manifest, VALUES);
  if (isProblem(parsed) || !isRecord(parsed.value)) return [];
  const { layers } = parsed.value;
  return Array.isArray(layers)
    ? (layers as unknown[]).filter(isRecord).map(({ digest }) => digest)
    : [];
}

function provenanceAbout(image: Digest, bytes: Buffer): Claimed {
  const statement = parseStatement(bytes);
  if (isProblem(statement))
    throw new Refusal('STATEMENT', 'attestation', 'an in-toto statement', statement.problem);
  const { predicateType } = statement.value;
  if (NAMED_TYPES['provenance']?.includes(predicateType) !== true)
    throw new Refusal('STATEMENT', 'attestation', 'provenance', predicateType);
  return claimAbout(image, statement.value);
}
