// Puts a bundle together from its parts: who signs what, which logs and timestamp authorities see it. Nothing that the product is made of has a hand in it.
import { MEDIA_TYPES } from './bundle-json.ts';
import type { BundleJson, EntryJson, MaterialJson, Version } from './bundle-json.ts';
import type { Endpoints } from './clients/endpoints.ts';
import { proposals } from './clients/propose.ts';
import type { LogKind } from './clients/propose.ts';
import { logged } from './clients/rekor.ts';
import { timestamp } from './clients/timestamp.ts';
import type { TimestampForm } from './clients/timestamp.ts';
import { signEnvelope } from './envelope.ts';
import type { Payload } from './envelope.ts';
import { verifierOf } from './holder.ts';
import type { Holder } from './holder.ts';

export interface Parts {
  readonly by: Holder;
  readonly payload: Payload;
  readonly payloadType?: string;
  /** The default is the one log that Countersign itself writes to; [] for none. */
  readonly logs?: readonly LogKind[];
  /** Whom the logs are told, where that is somebody else with the same key. */
  readonly recorded?: Holder;
  readonly timestamp?: TimestampForm | 'none';
  readonly version?: Version;
}

const LOGS: readonly LogKind[] = ['Rekor v2 hashedrekord 0.0.2'];

export async function compose(endpoints: Endpoints, parts: Parts): Promise<BundleJson> {
  const { by, recorded = by, logs = LOGS, timestamp: form = 'bare', version = '0.3' } = parts;
  const signed = signEnvelope(by, parts.payload, parts.payloadType);
  const witnessed = { ...signed, verifier: verifierOf(recorded) };
  const tlogEntries: EntryJson[] = [];
  for (const kind of logs) tlogEntries.push(await logged(endpoints, proposals[kind](witnessed)));
  const material: MaterialJson = { ...identity(by, version), tlogEntries };
  if (form !== 'none') {
    const signedTimestamp = await timestamp(endpoints.timestamp, signed.signature, form);
    material.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp }] };
  }
  return {
    mediaType: MEDIA_TYPES[version],
    verificationMaterial: material,
    dsseEnvelope: signed.envelope,
  };
}

function identity(
  { certificate }: Holder,
  version: Version,
): Pick<MaterialJson, 'certificate' | 'x509CertificateChain' | 'publicKey'> {
  if (!certificate) return { publicKey: { hint: 'key' } };
  const rawBytes = certificate.toString('base64');
  return version === '0.3'
    ? { certificate: { rawBytes } }
    : { x509CertificateChain: { certificates: [{ rawBytes }] } };
}
