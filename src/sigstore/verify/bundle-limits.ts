// Limits on a bundle, checked before anything is decoded: small enough to verify quickly, and unambiguous base64.
import { isRecord } from '../../text/json.ts';
import { Refusal } from '../refusal.ts';

/** Entries or timestamps: the certificate is verified at the time of each, and real bundles have one or two. */
const WITNESSES = 8;
/** Fields of type `bytes` in protobuf-specs sigstore_bundle.proto, sigstore_rekor.proto and sigstore_common.proto. */
const BYTES = new Set([
  'rawBytes',
  'payload',
  'sig',
  'signature',
  'digest',
  'keyId',
  'canonicalizedBody',
  'hashes',
  'rootHash',
  'signedEntryTimestamp',
  'signedTimestamp',
]);
/** Fields of type `int64`, which ProtoJSON writes as decimal text; the signed content of a log entry has them as numbers. */
const INTEGERS = new Set(['logIndex', 'integratedTime', 'treeSize']);
/** Characters of fields other than bytes: a checkpoint may contain many signatures, and each that claims to be of a known log costs a verification. */
const LONGEST = 16 << 10;
/** RFC 4648 section 4 or 5: ProtoJSON readers accept both alphabets, with or without padding, and no mixture. */
const BASE64 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/;

export function checkLimits(bundle: Readonly<Record<string, unknown>>): void {
  const material = isRecord(bundle['verificationMaterial']) ? bundle['verificationMaterial'] : {};
  const timestamps = isRecord(material['timestampVerificationData'])
    ? material['timestampVerificationData']['rfc3161Timestamps']
    : [];
  for (const [name, list] of [
    ['log entries', material['tlogEntries']],
    ['timestamps', timestamps],
  ] as const) {
    if (Array.isArray(list) && list.length > WITNESSES)
      throw new Refusal('BUNDLE_MALFORMED', name, `at most ${WITNESSES}`, String(list.length));
  }
  checkFields(bundle);
}

function checkFields(value: unknown, name = ''): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) checkFields(item, name);
  else if (isRecord(value))
    for (const [key, inner] of Object.entries(value)) checkFields(inner, key);
  else if (INTEGERS.has(name) && !isInteger(String(value)))
    throw new Refusal('BUNDLE_MALFORMED', name, 'a decimal number', 'something else');
  else if (typeof value === 'string' && !BYTES.has(name) && value.length > LONGEST)
    throw new Refusal(
      'BUNDLE_MALFORMED',
      name,
      `at most ${LONGEST} characters`,
      String(value.length),
    );
  else if (BYTES.has(name) && typeof value === 'string' && !isBase64(value))
    throw new Refusal(
      'BUNDLE_MALFORMED',
      name,
      'base64',
      'characters or a length that base64 does not have',
    );
}

function isInteger(text: string): boolean {
  return /^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}

function isBase64(text: string): boolean {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (
    BASE64.test(text) &&
    (text.length - padding) % 4 !== 1 &&
    (padding === 0 || text.length % 4 === 0)
  );
}
