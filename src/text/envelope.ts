// The payload of a DSSE envelope, for comparing it with another; what is read here is not verified.
import { isRecord } from './json.ts';
import { isProblem } from './parsed.ts';
import { parseStrictJson } from './strict-json.ts';

/** The bytes in `payload`; undefined for what is no envelope. */
export function payloadOf(envelope: unknown): Buffer | undefined {
  if (!isRecord(envelope)) return undefined;
  const { payload } = envelope;
  return typeof payload === 'string' ? Buffer.from(payload, 'base64') : undefined;
}

/** The payload of the envelope in a Sigstore bundle. */
export function payloadIn(bundle: Uint8Array): Buffer | undefined {
  const json = parseStrictJson(bundle);
  if (isProblem(json) || !isRecord(json.value)) return undefined;
  return payloadOf(json.value['dsseEnvelope']);
}
