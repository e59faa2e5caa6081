// Layers of the tags .sig and .att created directly, in forms that cosign v2 no longer writes or never wrote: cosign specs/SIGNATURE_SPEC.md
import { sign } from 'node:crypto';

import { toPem } from '../services/sigstore/certificate.ts';
import type { Endpoints } from '../stack/trust.ts';
import { ATTESTATION_LAYER, bundleOfLayer, SIGNATURE_LAYER } from '../../src/cosign/layer.ts';
import type { EntryJson } from './bundle-json.ts';
import { signPayload } from './compose.ts';
import type { Draft } from './draft.ts';
import type { CertifiedKey } from './services/fulcio.ts';
import { proposals } from './services/propose.ts';
import { logged } from './services/rekor.ts';

type LayerFiles = Pick<Draft, 'bundle'> & { readonly layer: Buffer };

/** Logged in Rekor v1 as hashedrekord 0.0.1; `certificate` is what stands in its annotation. */
export async function signatureLayer(
  endpoints: Endpoints,
  by: CertifiedKey,
  payload: string,
  certificate = toPem(by.certificate),
): Promise<LayerFiles> {
  const layer = Buffer.from(payload);
  const signature = sign('sha256', layer, by.key);
  const entry = await logged(
    endpoints,
    proposals['Rekor v1 hashedrekord 0.0.1']({
      ...signPayload({ by, payload }),
      encoded: layer,
      signature,
    }),
  );
  const annotations = {
    ...annotationsOf(by, entry),
    'dev.sigstore.cosign/certificate': certificate,
    'dev.cosignproject.cosign/signature': signature.toString('base64'),
  };
  return { layer, bundle: bundleOfLayer({ mediaType: SIGNATURE_LAYER, annotations, blob: layer }) };
}

/** Logged in Rekor v1 as intoto 0.0.1, as cosign did in 2022. */
export async function attestationLayer(
  endpoints: Endpoints,
  by: CertifiedKey,
  payload: string,
): Promise<LayerFiles> {
  const signed = signPayload({ by, payload });
  const layer = Buffer.from(JSON.stringify(signed.envelope));
  const entry = await logged(endpoints, proposals['Rekor v1 intoto 0.0.1'](signed));
  return {
    layer,
    bundle: bundleOfLayer({
      mediaType: ATTESTATION_LAYER,
      annotations: annotationsOf(by, entry),
      blob: layer,
    }),
  };
}

function annotationsOf(
  { certificate }: CertifiedKey,
  { canonicalizedBody: body, integratedTime, logId, logIndex, inclusionPromise }: EntryJson,
): Record<string, string> {
  const payload = {
    body,
    integratedTime: Number(integratedTime),
    logIndex: Number(logIndex),
    logID: Buffer.from(logId.keyId, 'base64').toString('hex'),
  };
  return {
    'dev.sigstore.cosign/certificate': toPem(certificate),
    'dev.sigstore.cosign/bundle': JSON.stringify({
      SignedEntryTimestamp: inclusionPromise?.signedEntryTimestamp,
      Payload: payload,
    }),
  };
}

/** The payload of a signature by cosign: containers-signature(5). */
export function simpleSigning(digest: string, type = 'cosign container image signature'): string {
  const critical = {
    identity: { 'docker-reference': 'registry.example/acme/app' },
    image: { 'docker-manifest-digest': digest },
    type,
  };
  return JSON.stringify({ critical, optional: null });
}
