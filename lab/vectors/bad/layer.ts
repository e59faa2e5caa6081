// Layers in the tags .sig and .att that do not match what was signed (docs/verification.md, section 3, rows 11, 18 and 19 for layers).
import { createHash, createPublicKey } from 'node:crypto';

import { type BundleJson, changed, entryOf } from '../../bundles/bundle-json.ts';
import { flipped } from '../../bundles/damage.ts';
import { bad, type Draft } from '../draft.ts';
import {
  composeAttestationLayer,
  CERTIFICATE_ANNOTATION,
  composeSignatureLayer,
  simpleSigning,
} from '../../bundles/layer.ts';
import { statementAbout } from '../../bundles/statement.ts';
import type { Workshop } from '../workshop.ts';

export async function layer({
  issue,
  of,
  ofLayer,
  stack,
  digest,
}: Workshop): Promise<readonly Draft[]> {
  const by = await issue();
  const signed = async (payload: string): Promise<ReturnType<typeof of>> =>
    ofLayer(await composeSignatureLayer(stack.endpoints, { by, payload }));
  const plain = simpleSigning(digest);
  const signature = await signed(plain);
  const spaced = withLayer(signature.bundle, Buffer.from(`${plain} `), of);
  const attestedLayer = await composeAttestationLayer(stack.endpoints, {
    by,
    payload: statementAbout(digest),
    log: 'Rekor v1 intoto 0.0.1',
  });
  const attestation = ofLayer(attestedLayer);
  const attested = JSON.parse(attestation.bundle.toString()) as BundleJson;
  const damaged = changed(attested, (bundle) => {
    const { inclusionPromise: promise } = entryOf(bundle);
    if (promise) promise.signedEntryTimestamp = flipped(promise.signedEntryTimestamp);
  });
  const { certificate } = await issue({ key: by.key });
  const recertified = changed(
    attested,
    ({ verificationMaterial }) =>
      (verificationMaterial.x509CertificateChain = {
        certificates: [{ rawBytes: certificate.toString('base64') }],
      }),
  );
  const publicKey = createPublicKey(by.key).export({ format: 'pem', type: 'spki' }).toString();
  const plainLayer = await composeSignatureLayer(stack.endpoints, { by, payload: plain });
  const bare = ofLayer({
    ...plainLayer,
    annotations: { ...plainLayer.annotations, [CERTIFICATE_ANNOTATION]: publicKey },
  });
  return [
    bad(
      'sig-with-a-key-for-a-certificate',
      'The annotation for the certificate contains a public key',
      bare,
      'BUNDLE_MALFORMED',
      /x509CertificateChain/,
    ),
    bad(
      'sig-with-a-key-for-a-certificate-named',
      'The annotation for the certificate contains a public key, and the policy requires that key',
      { ...bare, keys: publicKey },
      'BUNDLE_MALFORMED',
      /x509CertificateChain/,
    ),
    bad(
      'sig-of-another-payload',
      'A space follows the payload that was signed, and the bundle was made from both',
      spaced,
      'TRANSPARENCY_LOG',
      /^digest mismatch$/,
    ),
    bad(
      'sig-beside-another-bundle',
      'A space follows the payload that was signed, and the bundle was made without it',
      { ...spaced, bundle: signature.bundle },
      'SIGNATURE',
      /^signature verification failed$/,
    ),
    bad(
      'sig-of-another-image',
      'The payload is about another image',
      await signed(simpleSigning(`sha256:${'ab'.repeat(32)}`)),
      'SUBJECT',
      /^sha256:(?:ab){32}$/,
    ),
    bad(
      'sig-of-another-type',
      'The payload is of the type of another tool',
      await signed(simpleSigning(digest, { type: 'atomic container signature' })),
      'STATEMENT',
      /its type is "atomic container signature"$/,
    ),
    bad(
      'sig-of-sha512',
      'The payload names a sha512 digest',
      await signed(simpleSigning(`sha512:${'ab'.repeat(64)}`)),
      'STATEMENT',
      /it names no sha256 digest$/,
    ),
    bad(
      'sig-with-two-images',
      'The payload names two images',
      await signed(
        plain.replace(
          '"image":',
          `"image":{"docker-manifest-digest":"sha256:${'ab'.repeat(32)}"},"image":`,
        ),
      ),
      'STATEMENT',
      /it has the key "image" twice$/,
    ),
    bad(
      'sig-no-json',
      'The payload is a word instead of JSON',
      await signed('hello'),
      'STATEMENT',
      /it is not JSON$/,
    ),
    bad(
      'att-intoto-0.0.1-damaged-promise',
      'One bit of the promise for an intoto 0.0.1 entry is another',
      of(damaged, { layer: attestedLayer.blob }),
      'TRANSPARENCY_LOG',
      /^inclusion promise could not be verified$/,
    ),
    bad(
      'att-intoto-0.0.1-of-another-certificate',
      'Rekor v1 records another certificate of the same key, as intoto 0.0.1',
      of(recertified, { layer: attestedLayer.blob }),
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
    bad(
      'att-intoto-0.0.1-of-another-envelope',
      'A space follows the envelope whose hash the log records',
      { ...attestation, layer: Buffer.concat([attestedLayer.blob, Buffer.from(' ')]) },
      'TRANSPARENCY_LOG',
      /^the entry records another envelope$/,
    ),
  ];
}

/** In the form of a bundle from a layer, which is not the signed one. */
function withLayer(
  bundle: Buffer,
  content: Buffer,
  of: Workshop['of'],
): ReturnType<Workshop['of']> {
  const digest = createHash('sha256').update(content).digest('base64');
  const remade = changed(
    JSON.parse(bundle.toString()) as BundleJson,
    ({ messageSignature }) => messageSignature && (messageSignature.messageDigest.digest = digest),
  );
  return of(remade, { layer: content });
}
