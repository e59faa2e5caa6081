// Signs a statement in cosign v2's format: a payload for each image of a signature, and an envelope for an attestation.
import { annotationsIn, bundleOfLayer } from '../../cosign/layer.ts';
import { simpleSigningPayload } from '../../cosign/payload.ts';
import { sideBySide } from '../../concurrency/side-by-side.ts';
import { type SignedBundle, signedBundle, type SignedLayer } from '../../model/bundle.ts';
import { isNonEmpty, type NonEmpty } from '../../model/non-empty.ts';
import { annotationsOf, type Statement } from '../../model/statement.ts';
import type { Subject } from '../../model/subject.ts';
import { SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE } from '../../model/types.ts';
import type { LayerSigner } from './layer-signer.ts';

/** Concurrent log entries and timestamps: an index has up to 256 manifests. */
const WIDTH = 16;

/** A payload names one digest in one repository, so a signature of several images is several signatures. */
export async function signLayers(
  signer: LayerSigner,
  statement: Statement,
  subjects: NonEmpty<Subject>,
): Promise<NonEmpty<SignedBundle>> {
  const { predicateType } = statement;
  if (predicateType !== SIGNATURE_TYPE)
    return [signedAs(predicateType, subjects, await signer.signEnvelope(statement))];
  const annotations = annotationsOf(statement);
  const signed = await sideBySide(subjects, WIDTH, async (subject) => {
    const payload = simpleSigningPayload(subject.repository, subject.digest, annotations);
    return signedAs(SIMPLE_SIGNING_TYPE, [subject], await signer.signPayload(payload));
  });
  if (!isNonEmpty(signed)) throw new RangeError('a statement about nothing');
  return signed;
}

/** In the form in which it will be found: annotations other than the evidence are not read. */
function signedAs(
  predicateType: string,
  subjects: NonEmpty<Subject>,
  layer: SignedLayer,
): SignedBundle {
  const json = bundleOfLayer({ ...layer, annotations: annotationsIn(layer.annotations) });
  return signedBundle({ subjects, predicateType, json, layer });
}
