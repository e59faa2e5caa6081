// Parses bytes to a bundle with the bytes that its signature is over; nothing is trusted yet.
import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import type { FoundBundle } from '../../model/found.ts';
import { isProblem } from '../../text/parsed.ts';
import { isRecord } from '../../text/json.ts';
import { parseStrictJson } from '../../text/strict-json.ts';
import { checkLimits } from './bundle-limits.ts';
import { checkWork } from '../der-work.ts';
import { Refusal } from '../refusal.ts';
import { type MessageOf, type Signed, signedBytes } from './signed.ts';

/** Versions 0.1 to 0.3: sigstore protobuf-specs, `Bundle.media_type`. */
const MEDIA_TYPES = new Set<unknown>([
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]);

/** Commas and brackets: a bundle with the maximum of entries and timestamps, each with the longest proof, has about 1000. */
const VALUES = 10_000;

/** Base64 of one byte. */
const PLACEHOLDER = 'AA==';

export interface ParsedBundle {
  readonly bundle: Bundle;
  /** Of the `.sig` or `.att` image that the bundle was made from. */
  readonly layer: Buffer | undefined;
  /** What the signature is over: the encoded envelope, or a message. */
  readonly signed: Signed;
  readonly signature: Buffer;
}

export function parseBundle(
  { json: bytes, layer }: FoundBundle,
  messageOf: MessageOf,
): ParsedBundle {
  const parsed = parseStrictJson(bytes, VALUES);
  if (isProblem(parsed))
    throw new Refusal('BUNDLE_MALFORMED', 'bundle', 'a JSON object', parsed.problem);
  const json = parsed.value;
  if (!isRecord(json))
    throw new Refusal('BUNDLE_MALFORMED', 'bundle', 'a JSON object', 'other JSON');
  const { mediaType } = json;
  if (!MEDIA_TYPES.has(mediaType))
    throw new Refusal(
      'BUNDLE_VERSION',
      'bundle version',
      '0.1, 0.2 or 0.3',
      typeof mediaType === 'string' ? mediaType : 'no mediaType',
    );
  checkLimits(json);
  const bundle = decode(json);
  checkWork(bundle);
  const { content } = bundle;
  if (content.$case === 'messageSignature') {
    const { messageSignature: message } = content;
    return { bundle, layer, signed: messageOf(message, layer), signature: message.signature };
  }
  const envelope = content.dsseEnvelope;
  const encoded = dsse.preAuthEncoding(envelope.payloadType, envelope.payload);
  // The encoding ends with the payload, which may be megabytes and need not be stored twice.
  envelope.payload = encoded.subarray(encoded.length - envelope.payload.length);
  const signature = envelope.signatures[0]?.sig ?? Buffer.alloc(0);
  return { bundle, layer, signed: signedBytes(encoded), signature };
}

/** As the library does, without its three copies of a payload that may be megabytes. */
function decode(json: Readonly<Record<string, unknown>>): Bundle {
  const { dsseEnvelope } = json;
  const payload = isRecord(dsseEnvelope) ? dsseEnvelope['payload'] : undefined;
  if (!isRecord(dsseEnvelope) || typeof payload !== 'string' || payload === '')
    return bundleFromJSON(json);
  const bundle = bundleFromJSON({
    ...json,
    dsseEnvelope: { ...dsseEnvelope, payload: PLACEHOLDER },
  });
  if (bundle.content.$case === 'dsseEnvelope')
    bundle.content.dsseEnvelope.payload = Buffer.from(payload, 'base64');
  return bundle;
}
