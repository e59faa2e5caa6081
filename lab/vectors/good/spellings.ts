// Alternative encodings with the same meaning, including those that only old clients wrote.
import { createHash } from 'node:crypto';

import { type BundleJson, changed, envelopeOf, withEntry } from '../../bundles/bundle-json.ts';
import { type Draft, good } from '../draft.ts';
import { composeAttestationLayer } from '../../bundles/layer.ts';
import { secondEntry } from '../services/log-key.ts';
import { statementAbout } from '../../bundles/statement.ts';
import type { Workshop } from '../workshop.ts';

export async function spellings({
  v2,
  sign,
  issue,
  of,
  ofLayer,
  signer,
  stack,
  digest,
}: Workshop): Promise<readonly Draft[]> {
  const telling = await spelledInTwoWays(sign);
  const respelled = (change: (base64: string) => string): Draft['bundle'] =>
    of(
      changed(telling, (bundle) =>
        envelopeOf(bundle).signatures.forEach(
          (signature) => (signature.sig = change(signature.sig)),
        ),
      ),
    ).bundle;
  const unlogged = await sign({ logs: [] });
  const attested = await composeAttestationLayer(stack.endpoints, {
    by: await issue(),
    payload: statementAbout(digest),
    log: 'Rekor v1 intoto 0.0.1',
  });
  return [
    good('url-alphabet', 'The signature is encoded in the URL alphabet of base64', {
      ...of(respelled((base64) => Buffer.from(base64, 'base64').toString('base64url'))),
      signer,
    }),
    good('unpadded', 'The base64 of the signature has no padding', {
      ...of(respelled((base64) => base64.replace(/=+$/, ''))),
      signer,
    }),
    good('white-space', 'The JSON has white space between its tokens', {
      ...of(Buffer.from(JSON.stringify(v2, undefined, 2))),
      signer,
    }),
    good('rekor-v2-dsse', 'Logged in Rekor v2 as dsse 0.0.2, which it accepted in 2025', {
      ...of(
        withEntry(unlogged, secondEntry(dsseBody(unlogged), stack.authorities.rekorV2.privateKey)),
      ),
      signer,
    }),
    good(
      'att-intoto-0.0.1',
      'Provenance in a tag, logged in Rekor v1 as intoto 0.0.1, as by cosign in 2022',
      { ...ofLayer(attested), signer },
    ),
  ];
}

/** A bundle whose signature is padded and has a character in which the alphabets differ, which most have. */
async function spelledInTwoWays(sign: Workshop['sign']): Promise<BundleJson> {
  const bundle = await sign();
  return envelopeOf(bundle).signatures.every(({ sig }) => /[+/].*=$/.test(sig))
    ? bundle
    : spelledInTwoWays(sign);
}

/** https://github.com/sigstore/rekor-tiles/blob/main/api/proto/rekor/v2/dsse.proto */
export function dsseBody(
  bundle: BundleJson,
  payload = envelopeOf(bundle).payload,
): Parameters<typeof secondEntry>[0] {
  const verifier = {
    x509Certificate: bundle.verificationMaterial.certificate,
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
  };
  const payloadHash = {
    algorithm: 'SHA2_256',
    digest: createHash('sha256').update(Buffer.from(payload, 'base64')).digest('base64'),
  };
  return {
    kind: 'dsse',
    apiVersion: '0.0.2',
    spec: {
      dsseV002: {
        payloadHash,
        signatures: envelopeOf(bundle).signatures.map(({ sig }) => ({ content: sig, verifier })),
      },
    },
  };
}
