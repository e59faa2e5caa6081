// Timestamps of a timestamp authority: RFC 3161, over HTTP as in its section 3.4.
import { createHash } from 'node:crypto';
import { RFC3161Timestamp } from '@sigstore/core';
import type { Witness } from '@sigstore/sign';
import type { HttpAnswer, Transport } from '../../http/message.ts';
import { checkWorkOf } from '../der-work.ts';
import { envelopeIn, isDone, notAnswered } from './signing-service.ts';

const AUTHORITY = { task: 'get a timestamp', kind: 'an RFC 3161 timestamp authority' };
const ANSWER_LIMIT = 64 << 10;
/** TimeStampReq of version 1 with a messageImprint of SHA-256 and nothing optional, up to the 32 bytes of the digest. */
const REQUEST = Buffer.from('30360201013031300d060960864801650304020105000420', 'hex');
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** A timestamp over the bytes, in DER. `address` is the full one; without a path, it is a host of Sigstore's own server. */
export async function timestamp(
  address: string,
  bytes: Buffer,
  transport: Transport,
): Promise<Buffer> {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/api/v1/timestamp';
  const asked = { method: 'POST', url } as const;
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT,
    headers: {
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
    },
    body: Buffer.concat([REQUEST, createHash('sha256').update(bytes).digest()]),
  });
  if (isDone(answer) && isTimestampOf(answer, bytes)) return answer.body;
  throw notAnswered(AUTHORITY, asked, answer, 'a timestamp of the signature');
}

export function timestampWitness(address: string, transport: Transport): Witness {
  return {
    async testify(content) {
      const signature = envelopeIn(content).signatures[0]?.sig ?? Buffer.alloc(0);
      const signedTimestamp = await timestamp(address, signature, transport);
      return { rfc3161Timestamps: [{ signedTimestamp }] };
    },
  };
}

/** RFC 3161 section 2.4.2: granted, and over these bytes. The verifier checks whether the authority is trusted. */
function isTimestampOf({ body }: HttpAnswer, bytes: Buffer): boolean {
  try {
    checkWorkOf([body]);
    const { status, contentType, eContentType, tstInfo } = RFC3161Timestamp.parse(
      Buffer.from(body),
    );
    tstInfo.verify(bytes);
    const isGranted = status === 0n || status === 1n;
    return isGranted && contentType === SIGNED_DATA && eContentType === TST_INFO;
  } catch {
    return false;
  }
}
