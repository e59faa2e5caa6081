// Creates a bundle from its parts: signer, payload, log entries, timestamp and version. Uses none of the product's code or libraries.
import {
  type BundleJson,
  type EntryJson,
  type MaterialJson,
  MEDIA_TYPES,
  type Version,
} from './bundle-json.ts';
import type { Endpoints } from './clients/endpoints.ts';
import { type LogKind, proposals } from './clients/propose.ts';
import { logged } from './clients/rekor.ts';
import { timestamp, type TimestampForm } from './clients/timestamp.ts';
import { type Payload, signEnvelope } from './envelope.ts';
import { type Holder, verifierOf } from './holder.ts';

export interface Parts {
  readonly by: Holder;
  readonly payload: Payload;
  readonly payloadType?: string;
  /** Default: a hashedrekord entry in Rekor v2, as in Countersign; [] for none. */
  readonly logs?: readonly LogKind[];
  /** The signer in the log entries, if it differs from `by`; both must have the same key. */
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
