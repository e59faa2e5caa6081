// A bundle as parsed JSON, to be composed, changed and written.
export interface BundleJson {
  mediaType: string;
  verificationMaterial: MaterialJson;
  dsseEnvelope?: EnvelopeJson;
  messageSignature?: { messageDigest: { algorithm: string; digest: string }; signature: string };
}

export interface MaterialJson {
  certificate?: { rawBytes: string };
  x509CertificateChain?: { certificates: { rawBytes: string }[] };
  publicKey?: { hint: string };
  tlogEntries: EntryJson[];
  timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] };
}

export interface EnvelopeJson {
  payload: string;
  payloadType: string;
  signatures: { sig: string; keyid?: string }[];
}

export interface EntryJson {
  logIndex: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  integratedTime?: string;
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof?: ProofJson;
  canonicalizedBody: string;
}

export interface ProofJson {
  logIndex: string;
  rootHash: string;
  treeSize: string;
  hashes: string[];
  checkpoint?: { envelope: string };
}

export const MEDIA_TYPES = {
  '0.1': 'application/vnd.dev.sigstore.bundle+json;version=0.1',
  '0.2': 'application/vnd.dev.sigstore.bundle+json;version=0.2',
  '0.3': 'application/vnd.dev.sigstore.bundle.v0.3+json',
} as const;

export type Version = keyof typeof MEDIA_TYPES;

export function toBytes(bundle: object): Buffer {
  return Buffer.from(JSON.stringify(bundle));
}

/** A copy with something else in one place. */
export function changed(bundle: BundleJson, change: (copy: BundleJson) => unknown): BundleJson {
  const copy = structuredClone(bundle);
  change(copy);
  return copy;
}

/** A copy whose envelope has this payload instead of the signed one. */
export function withPayload(bundle: BundleJson, payload: object): BundleJson {
  const base64 = toBytes(payload).toString('base64');
  return changed(bundle, (copy) => (envelopeOf(copy).payload = base64));
}

/** A copy with only this log entry. */
export function withEntry(bundle: BundleJson, entry: EntryJson): BundleJson {
  return changed(
    bundle,
    ({ verificationMaterial }) => (verificationMaterial.tlogEntries = [entry]),
  );
}

export function entryOf({ verificationMaterial }: BundleJson): EntryJson {
  const [entry] = verificationMaterial.tlogEntries;
  if (!entry) throw new Error('The bundle has no log entry');
  return entry;
}

export function envelopeOf({ dsseEnvelope }: BundleJson): EnvelopeJson {
  if (!dsseEnvelope) throw new Error('The bundle has no envelope');
  return dsseEnvelope;
}
