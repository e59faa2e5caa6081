// A layer of a `.sig` or `.att` image as a Sigstore bundle v0.1, the only version that a promise without a proof fits: cosign specs/SIGNATURE_SPEC.md
import { createHash } from 'node:crypto';
import { isProblem, isRecord } from '../model/parsed.ts';
import { parseStrictJson } from '../model/strict-json.ts';

export const SIGNATURE_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const ATTESTATION_LAYER = 'application/vnd.dsse.envelope.v1+json';

const BUNDLE_V01 = 'application/vnd.dev.sigstore.bundle+json;version=0.1';

export interface Layer {
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly blob: Buffer;
}

/** The bundle as JSON; what cannot be converted is left out, and the verifier says what is missing. */
export function bundleOfLayer({ mediaType, annotations, blob }: Layer): Buffer {
  return Buffer.from(
    JSON.stringify({
      mediaType: BUNDLE_V01,
      verificationMaterial: {
        ...keyMaterial(annotations),
        tlogEntries: logEntries(annotations),
        timestampVerificationData: { rfc3161Timestamps: timestamps(annotations) },
      },
      ...(mediaType === SIGNATURE_LAYER
        ? { messageSignature: messageSignature(annotations, blob) }
        : { dsseEnvelope: jsonIn(blob) }),
    }),
  );
}

function keyMaterial(annotations: Layer['annotations']): object {
  const pem = text(annotations, 'dev.sigstore.cosign/certificate');
  if (pem === '') return { publicKey: { hint: 'key' } };
  const der =
    /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/
      .exec(pem)?.[1]
      ?.replaceAll(/\s/g, '') ?? '';
  return { x509CertificateChain: { certificates: [{ rawBytes: der }] } };
}

function messageSignature(annotations: Layer['annotations'], blob: Buffer): object {
  return {
    messageDigest: {
      algorithm: 'SHA2_256',
      digest: createHash('sha256').update(blob).digest('base64'),
    },
    signature: text(annotations, 'dev.cosignproject.cosign/signature'),
  };
}

/** cosign's `RekorBundle`: an entry of Rekor v1 with its signed promise. */
function logEntries(annotations: Layer['annotations']): readonly object[] {
  const bundle = jsonIn(Buffer.from(text(annotations, 'dev.sigstore.cosign/bundle')));
  const payload = isRecord(bundle) ? bundle['Payload'] : undefined;
  if (!isRecord(bundle) || !isRecord(payload)) return [];
  const { body, integratedTime, logIndex, logID } = payload;
  const entry = typeof body === 'string' ? jsonIn(Buffer.from(body, 'base64')) : undefined;
  return [
    {
      logIndex: String(logIndex),
      logId: { keyId: Buffer.from(String(logID), 'hex').toString('base64') },
      kindVersion: isRecord(entry) ? { kind: entry['kind'], version: entry['apiVersion'] } : {},
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: bundle['SignedEntryTimestamp'] },
      canonicalizedBody: body,
    },
  ];
}

function timestamps(annotations: Layer['annotations']): readonly object[] {
  const timestamp = jsonIn(Buffer.from(text(annotations, 'dev.sigstore.cosign/rfc3161timestamp')));
  return isRecord(timestamp) ? [{ signedTimestamp: timestamp['SignedRFC3161Timestamp'] }] : [];
}

/** Undefined for what two readers could read differently, and for what is nested too deep to be written again. */
function jsonIn(bytes: Buffer): unknown {
  const parsed = parseStrictJson(bytes);
  return isProblem(parsed) ? undefined : parsed.value;
}

function text(annotations: Layer['annotations'], name: string): string {
  const value = annotations[name];
  return typeof value === 'string' ? value : '';
}
