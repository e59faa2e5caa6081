// Logs a signature in Rekor v1 as dsse 0.0.1: https://github.com/sigstore/rekor/blob/main/openapi.yaml, /api/v1/log/entries
import { envelopeToJSON } from '@sigstore/bundle';
import type { Witness } from '@sigstore/sign';
import type { HttpAnswer, Transport } from '../../http/message.ts';
import { isRecord, parseJson } from '../../text/json.ts';
import { type Entry, envelopeIn, isDone, logged } from './signing-service.ts';

const LOG = { task: 'log the signature', kind: 'a Rekor v1 log' };
/** Bytes; the entry has digests and a certificate, and not the envelope. */
const ANSWER_LIMIT = 1 << 20;
const HASH = /^[0-9a-f]{64}$/;
/** The number of a tree in front of the hash of the entry. */
const UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function rekorV1Witness(log: string, transport: Transport): Witness {
  const url = new URL(`${log}/api/v1/log/entries`);
  return {
    async testify(content, certificate) {
      const asked = { method: 'POST', url } as const;
      const answer = await transport({
        ...asked,
        limit: ANSWER_LIMIT,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: Buffer.from(
          JSON.stringify({
            apiVersion: '0.0.1',
            kind: 'dsse',
            spec: {
              proposedContent: {
                envelope: JSON.stringify(envelopeToJSON(envelopeIn(content))),
                verifiers: [Buffer.from(certificate).toString('base64')],
              },
            },
          }),
        ),
      });
      return logged(LOG, asked, answer, {
        entryIn,
        readEntry: (conflict) => readEntry(conflict, transport),
      });
    },
  };
}

/** The entry that the conflict names, of the log that was asked. */
async function readEntry(
  { headers, url }: HttpAnswer,
  transport: Transport,
): Promise<Entry | undefined> {
  const uuid = headers.get('location')?.split('/').at(-1) ?? '';
  if (!UUID.test(uuid)) return undefined;
  const answer = await transport({
    method: 'GET',
    url: new URL(`${url.href}/${uuid}`),
    limit: ANSWER_LIMIT,
    headers: { accept: 'application/json' },
  });
  return entryIn(answer);
}

function entryIn(answer: HttpAnswer): Entry | undefined {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : undefined;
  const [entry, ...others] = isRecord(json) ? Object.values(json) : [];
  if (!isRecord(entry) || others.length > 0) return undefined;
  const { body, integratedTime, logID, logIndex, verification } = entry;
  const isWhole =
    isText(body, BASE64) && isText(logID, HASH) && isCount(logIndex) && isCount(integratedTime);
  if (!isWhole || !isRecord(verification)) return undefined;
  const kindVersion = kindIn(body);
  const inclusionProof = proofIn(verification['inclusionProof']);
  const { signedEntryTimestamp } = verification;
  if (!kindVersion || !inclusionProof || !isText(signedEntryTimestamp, BASE64)) return undefined;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex') },
    kindVersion,
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, 'base64') },
    inclusionProof,
    canonicalizedBody: Buffer.from(body, 'base64'),
  };
}

function kindIn(body: string): Entry['kindVersion'] | undefined {
  const entry = parseJson(Buffer.from(body, 'base64').toString());
  if (!isRecord(entry)) return undefined;
  const { kind, apiVersion } = entry;
  return kind === 'dsse' && apiVersion === '0.0.1' ? { kind, version: apiVersion } : undefined;
}

function proofIn(proof: unknown): Entry['inclusionProof'] {
  if (!isRecord(proof)) return undefined;
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = proof;
  const isWhole =
    isCount(logIndex) && isCount(treeSize) && isText(rootHash, HASH) && isText(checkpoint, /^/);
  if (!isWhole || !Array.isArray(hashes)) return undefined;
  if (!hashes.every((hash: unknown) => isText(hash, HASH))) return undefined;
  return {
    logIndex: String(logIndex),
    treeSize: String(treeSize),
    rootHash: Buffer.from(rootHash, 'hex'),
    hashes: hashes.map((hash) => Buffer.from(hash, 'hex')),
    checkpoint: { envelope: checkpoint },
  };
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
