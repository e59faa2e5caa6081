// The bundle of a listed attestation: inline, or at a signed URL of a storage that must not receive our token.
import { messageOf } from '../errors.ts';
import { whyRefused } from '../http/addresses.ts';
import type { Sink } from '../http/message.ts';
import { BUNDLE_LIMIT } from '../model/bundle.ts';
import { isProblem } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { unreadable } from './failures.ts';
import type { ListedAttestation, Query } from './listing.ts';
import { decodeSnappy } from './snappy.ts';

/** Commas and brackets in an entry that contains a bundle. */
const VALUES = 20_000;
/** For the verifier to reject if there is no bundle. */
const NO_BUNDLE = Buffer.from('null');

/** `onBytes` is called for every chunk. */
export async function readBundle(
  { json }: ListedAttestation,
  { api, transport, signal }: Pick<Query, 'api' | 'transport' | 'signal'>,
  onBytes: (count: number) => void = () => undefined,
): Promise<Buffer> {
  const entry = parseStrictJson(json, VALUES);
  if (isProblem(entry) || !isRecord(entry.value)) return NO_BUNDLE;
  const { bundle, bundle_url: address } = entry.value;
  if (isRecord(bundle)) return Buffer.from(JSON.stringify(bundle));
  const url = typeof address === 'string' ? URL.parse(address) : null;
  if (!url || url.username !== '' || url.password !== '') return NO_BUNDLE;
  const reason = await whyRefused(url, api.url);
  if (reason !== undefined) throw unreadable(url, reason);
  const pieces: Uint8Array[] = [];
  const sink = (): Sink => {
    pieces.length = 0;
    return (chunk) => {
      pieces.push(chunk);
      onBytes(chunk.byteLength);
    };
  };
  const request = { method: 'GET', url, limit: BUNDLE_LIMIT, sink } as const;
  const { status } = await transport(signal ? { ...request, signal } : request);
  if (status !== 200) throw unreadable(url, `it answered ${status}`);
  return unpacked(Buffer.concat(pieces), url);
}

function unpacked(body: Buffer, url: URL): Buffer {
  const bundle = body[0] === 0x7b ? body : unpackedSnappy(body, url);
  // GitHub stores nothing else, so another object is the response of a proxy.
  if (!bundle.includes('"verificationMaterial"')) throw unreadable(url, 'its body is not a bundle');
  return bundle;
}

function unpackedSnappy(body: Buffer, url: URL): Buffer {
  try {
    return decodeSnappy(body, BUNDLE_LIMIT);
  } catch (error) {
    throw unreadable(url, `its body is not Snappy (${messageOf(error)})`);
  }
}
