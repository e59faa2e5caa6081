// Puts a bundle together from its parts: who signs what, which logs and timestamp authorities see it.
import { type KeyObject, sign } from 'node:crypto';

import { toPem } from '../services/sigstore/certificate.ts';
import type { Endpoints } from '../stack/trust.ts';
import { algorithmOf } from './algorithm.ts';
import {
  type BundleJson,
  type EntryJson,
  type EnvelopeJson,
  type MaterialJson,
  MEDIA_TYPES,
  type Version,
} from './bundle-json.ts';
import type { CertifiedKey } from './services/fulcio.ts';
import { type LogKind, proposals, type Signed } from './services/propose.ts';
import { logged } from './services/rekor.ts';
import { timestamp, type TimestampForm } from './services/timestamp.ts';

/** A key that nobody certifies, and how it signs. */
export interface BareKey {
  readonly publicKey: KeyObject;
  readonly sign: (data: Buffer) => Buffer;
}

export interface Parts {
  readonly by: CertifiedKey | BareKey;
  readonly payload: string | Buffer;
  readonly payloadType?: string;
  /** The default is the one log that Countersign itself writes to; [] for none. */
  readonly logs?: readonly LogKind[];
  readonly timestamp?: TimestampForm | 'none';
  readonly version?: Version;
}

export const STATEMENT_TYPE = 'application/vnd.in-toto+json';
const LOGS: readonly LogKind[] = ['Rekor v2 hashedrekord 0.0.2'];

export async function compose(endpoints: Endpoints, parts: Parts): Promise<BundleJson> {
  const signed = signPayload(parts);
  const { envelope, signature } = signed;
  const { by, logs = LOGS, timestamp: form = 'bare', version = '0.3' } = parts;
  const tlogEntries: EntryJson[] = [];
  for (const kind of logs) tlogEntries.push(await logged(endpoints, proposals[kind](signed)));
  const material: MaterialJson = { ...identity(by, version), tlogEntries };
  if (form !== 'none')
    material.timestampVerificationData = {
      rfc3161Timestamps: [
        { signedTimestamp: await timestamp(endpoints.timestamp, signature, form) },
      ],
    };
  return {
    mediaType: MEDIA_TYPES[version],
    verificationMaterial: material,
    dsseEnvelope: envelope,
  };
}

/** The envelope with its signature, before anybody has seen it. */
export function signPayload({ by, payload, payloadType = STATEMENT_TYPE }: Parts): Signed {
  const bytes = Buffer.from(payload);
  const encoded = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${bytes.length} `),
    bytes,
  ]);
  const signature =
    'certificate' in by ? sign(algorithmOf(by.key).hash, encoded, by.key) : by.sign(encoded);
  const envelope: EnvelopeJson = {
    payload: bytes.toString('base64'),
    payloadType,
    signatures: [{ sig: signature.toString('base64') }],
  };
  return { envelope, encoded, signature, verifier: verifierOf(by) };
}

function verifierOf(by: Parts['by']): Signed['verifier'] {
  if ('certificate' in by)
    return {
      kind: 'x509Certificate',
      key: by.key,
      der: by.certificate,
      pem: toPem(by.certificate),
    };
  const { publicKey: key } = by;
  return {
    kind: 'publicKey',
    key,
    der: key.export({ format: 'der', type: 'spki' }),
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
  };
}

function identity(
  by: Parts['by'],
  version: Version,
): Pick<MaterialJson, 'certificate' | 'x509CertificateChain' | 'publicKey'> {
  if (!('certificate' in by)) return { publicKey: { hint: 'key' } };
  const rawBytes = by.certificate.toString('base64');
  return version === '0.3'
    ? { certificate: { rawBytes } }
    : { x509CertificateChain: { certificates: [{ rawBytes }] } };
}
