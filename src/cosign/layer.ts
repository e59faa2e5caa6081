// A layer of a `.sig` or `.att` image as a Sigstore bundle v0.1, the only version that allows a promise without a proof: cosign specs/SIGNATURE_SPEC.md
import { createHash } from 'node:crypto';
import { isProblem } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { SIMPLE_SIGNING_TYPE } from '../model/types.ts';

export const SIGNATURE_LAYER = SIMPLE_SIGNING_TYPE;
export const ATTESTATION_LAYER = 'application/vnd.dsse.envelope.v1+json';

const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const REKOR_BUNDLE = 'dev.sigstore.cosign/bundle';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';

const CHAIN = 'dev.sigstore.cosign/chain';
const PREDICATE_TYPE = 'predicateType';

/** Characters: a certificate, a log entry and a timestamp have a few thousand each. */
const LONGEST = 64 << 10;

export type Annotations = Readonly<Record<string, string>>;

/** The annotations that cosign writes to a layer. The chain of authorities and the type are only kept for writing the layer again, and are not trusted. */
export function annotationsIn(annotations: unknown): Annotations {
  if (!isRecord(annotations)) return {};
  const names = [CERTIFICATE, CHAIN, SIGNATURE, REKOR_BUNDLE, TIMESTAMP, PREDICATE_TYPE];
  const isKept = (value: unknown): value is string =>
    typeof value === 'string' && value.length <= LONGEST;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = annotations[name];
      return isKept(value) ? [[name, value]] : [];
    }),
  );
}

const BUNDLE_V01 = 'application/vnd.dev.sigstore.bundle+json;version=0.1';

export interface Layer {
  readonly mediaType: string;
  readonly annotations: Annotations;
  readonly blob: Buffer;
}

/** The bundle as JSON; content that cannot be converted is omitted, and the verifier reports what is missing. */
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

function keyMaterial(annotations: Annotations): object {
  const pem = text(annotations, CERTIFICATE);
  if (pem === '') return { publicKey: { hint: 'key' } };
  const der =
    /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/
      .exec(pem)?.[1]
      ?.replaceAll(/\s/g, '') ?? '';
  return { x509CertificateChain: { certificates: [{ rawBytes: der }] } };
}

function messageSignature(annotations: Annotations, blob: Buffer): object {
  return {
    messageDigest: {
      algorithm: 'SHA2_256',
      digest: createHash('sha256').update(blob).digest('base64'),
    },
    signature: text(annotations, SIGNATURE),
  };
}

/** cosign's `RekorBundle`: an entry of Rekor v1 with its signed promise. */
function logEntries(annotations: Annotations): readonly object[] {
  const bundle = jsonIn(Buffer.from(text(annotations, REKOR_BUNDLE)));
  const payload = isRecord(bundle) ? bundle['Payload'] : undefined;
  if (!isRecord(bundle) || !isRecord(payload)) return [];
  const { body, integratedTime, logIndex, logID } = payload;
  const entry = typeof body === 'string' ? jsonIn(Buffer.from(body, 'base64')) : undefined;
  return [
    {
      logIndex: decimal(logIndex),
      logId: { keyId: typeof logID === 'string' ? base64Of(logID) : undefined },
      kindVersion: isRecord(entry) ? { kind: entry['kind'], version: entry['apiVersion'] } : {},
      integratedTime: decimal(integratedTime),
      inclusionPromise: { signedEntryTimestamp: bundle['SignedEntryTimestamp'] },
      canonicalizedBody: body,
    },
  ];
}

/** Anything else is left to the verifier, which rejects it: converting an object to text may throw. */
function decimal(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function base64Of(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function timestamps(annotations: Annotations): readonly object[] {
  const timestamp = jsonIn(Buffer.from(text(annotations, TIMESTAMP)));
  return isRecord(timestamp) ? [{ signedTimestamp: timestamp['SignedRFC3161Timestamp'] }] : [];
}

/** Undefined for text that parsers could read differently, or that is nested too deeply to be written again. */
function jsonIn(bytes: Buffer): unknown {
  const parsed = parseStrictJson(bytes);
  return isProblem(parsed) ? undefined : parsed.value;
}

function text(annotations: Annotations, name: string): string {
  const value = annotations[name];
  return typeof value === 'string' ? value : '';
}
