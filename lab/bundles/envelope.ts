// A signed DSSE envelope: https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
import type { EnvelopeJson } from './bundle-json.ts';
import type { SignedEnvelope } from './clients/propose.ts';
import { type Holder, verifierOf } from './holder.ts';
import type { StatementJson } from './statement.ts';

/** A string or Buffer is signed unchanged; a statement is written as JSON. */
export type Payload = string | Buffer | StatementJson;

export const STATEMENT_TYPE = 'application/vnd.in-toto+json';

export function signEnvelope(
  by: Holder,
  payload: Payload,
  payloadType = STATEMENT_TYPE,
): SignedEnvelope {
  const bytes = bytesOf(payload);
  const encoded = preAuthEncoding(bytes, payloadType);
  const signature = by.sign(encoded);
  const envelope: EnvelopeJson = {
    payload: bytes.toString('base64'),
    payloadType,
    signatures: [{ sig: signature.toString('base64') }],
  };
  return { envelope, content: encoded, signature, verifier: verifierOf(by) };
}

function bytesOf(payload: Payload): Buffer {
  if (Buffer.isBuffer(payload)) return payload;
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

// https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
function preAuthEncoding(payload: Buffer, type: string): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
