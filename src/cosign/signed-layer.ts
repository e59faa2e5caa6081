// A layer of a `.sig` or `.att` image as it is written: cosign pkg/oci/static/options.go, and pkg/cosign/bundle for the JSON in its annotations.
import type { SignedLayer } from '../model/bundle.ts';
import { ATTESTATION_LAYER, SIGNATURE_LAYER } from './layer.ts';

/** An entry of Rekor v1 and the log's promise to include it. */
export interface PromisedEntry {
  /** The canonical entry. */
  readonly body: Buffer;
  /** Seconds. */
  readonly integratedTime: number;
  readonly logIndex: number;
  readonly logId: Buffer;
  readonly signedEntryTimestamp: Buffer;
}

/** Undefined if the signature has none. */
export interface LayerEvidence {
  /** PEM of the certificate, and of the concatenated authorities above it. */
  readonly certified:
    { readonly certificate: string; readonly chain: readonly string[] } | undefined;
  readonly entry: PromisedEntry | undefined;
  /** An RFC 3161 response. */
  readonly timestamp: Buffer | undefined;
}

/** A simple-signing payload with the signature over its bytes. */
export function signatureLayer(
  payload: Buffer,
  signature: Buffer,
  evidence: LayerEvidence,
): SignedLayer {
  return {
    mediaType: SIGNATURE_LAYER,
    blob: payload,
    annotations: annotationsOf(signature.toString('base64'), evidence),
  };
}

/** A DSSE envelope, byte for byte as it was logged; its signature is in it. */
export function attestationLayer(
  envelope: Buffer,
  predicateType: string,
  evidence: LayerEvidence,
): SignedLayer {
  return {
    mediaType: ATTESTATION_LAYER,
    blob: envelope,
    annotations: { ...annotationsOf('', evidence), predicateType },
  };
}

function annotationsOf(
  signature: string,
  { certified, entry, timestamp }: LayerEvidence,
): Readonly<Record<string, string>> {
  return {
    'dev.cosignproject.cosign/signature': signature,
    ...(entry && { 'dev.sigstore.cosign/bundle': rekorBundle(entry) }),
    ...(certified && {
      'dev.sigstore.cosign/certificate': certified.certificate,
      'dev.sigstore.cosign/chain': certified.chain.join(''),
    }),
    ...(timestamp && {
      'dev.sigstore.cosign/rfc3161timestamp': JSON.stringify({
        SignedRFC3161Timestamp: timestamp.toString('base64'),
      }),
    }),
  };
}

function rekorBundle(entry: PromisedEntry): string {
  const { body, integratedTime, logIndex, logId, signedEntryTimestamp } = entry;
  return JSON.stringify({
    SignedEntryTimestamp: signedEntryTimestamp.toString('base64'),
    Payload: {
      body: body.toString('base64'),
      integratedTime,
      logIndex,
      logID: logId.toString('hex'),
    },
  });
}
