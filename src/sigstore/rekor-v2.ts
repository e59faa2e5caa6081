// Logs a signature in Rekor v2 as hashedrekord 0.0.2: https://github.com/sigstore/rekor-tiles/blob/main/CLIENTS.md
import { createHash } from 'node:crypto';
import { dsse, pem } from '@sigstore/core';
import { TransparencyLogEntry } from '@sigstore/protobuf-specs';
import type { SignatureBundle, VerificationMaterial, Witness } from '@sigstore/sign';
import { ActionError } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import { isRecord, parseJson } from '../model/parsed.ts';

const ANSWER_LIMIT = 1 << 20;
/** Milliseconds: the log answers when its next checkpoint is published. */
const ANSWER_TIMEOUT = 60_000;

/** A witness for `@sigstore/sign`, whose own speaks a request that the service no longer takes. */
export function rekorV2Witness(url: string, transport: Transport): Witness {
  return {
    async testify(content: SignatureBundle, certificate: string): Promise<VerificationMaterial> {
      if (content.$case !== 'dsseEnvelope') throw new TypeError('only DSSE envelopes are logged');
      const { payload, payloadType, signatures } = content.dsseEnvelope;
      const answer = await transport({
        method: 'POST',
        url: new URL(`${url}/api/v2/log/entries`),
        limit: ANSWER_LIMIT,
        timeout: ANSWER_TIMEOUT,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: Buffer.from(
          JSON.stringify({
            hashedRekordRequestV002: {
              // What is signed, and so what is hashed, is the pre-authentication encoding.
              digest: createHash('sha256')
                .update(dsse.preAuthEncoding(payloadType, payload))
                .digest('base64'),
              signature: {
                content: signatures[0]?.sig.toString('base64'),
                verifier: {
                  x509Certificate: { rawBytes: pem.toDER(certificate).toString('base64') },
                  keyDetails: 'PKIX_ECDSA_P256_SHA_256',
                },
              },
            },
          }),
        ),
      });
      return { tlogEntries: [entryOf(answer.status, parseJson(answer.body.toString()), url)] };
    },
  };
}

type Entry = NonNullable<VerificationMaterial['tlogEntries']>[number];

function entryOf(status: number, json: unknown, url: string): Entry {
  const entry =
    isRecord(json) && (status === 200 || status === 201)
      ? TransparencyLogEntry.fromJSON(json)
      : undefined;
  if (!entry?.logId || !entry.kindVersion) {
    throw new ActionError('service', 'SERVICE_REFUSED', {
      message: `Cannot log the signature: POST ${url}/api/v2/log/entries answered ${status}${entry ? ' without an entry' : ''}`,
      remedy: `check that ${url} is a Rekor v2 log; see https://status.sigstore.dev for the public one`,
    });
  }
  return { ...entry, logId: entry.logId, kindVersion: entry.kindVersion };
}
