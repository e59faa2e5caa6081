// The DSSE envelope of a Sigstore bundle, for comparison with another; its content is not verified.
import { isRecord } from './json.ts';
import { isProblem } from './parsed.ts';
import { parseStrictJson } from './strict-json.ts';

export function envelopeIn(bundle: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const json = parseStrictJson(bundle);
  const envelope =
    !isProblem(json) && isRecord(json.value) ? json.value['dsseEnvelope'] : undefined;
  return isRecord(envelope) ? envelope : undefined;
}

export function payloadIn(bundle: Uint8Array): Buffer | undefined {
  const payload = envelopeIn(bundle)?.['payload'];
  return typeof payload === 'string' ? Buffer.from(payload, 'base64') : undefined;
}
