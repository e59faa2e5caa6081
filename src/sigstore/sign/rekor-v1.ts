// Logs signatures in Rekor v1 as dsse 0.0.1 and hashedrekord 0.0.1: https://github.com/sigstore/rekor/blob/main/openapi.yaml, /api/v1/log/entries
import { createHash } from 'node:crypto';
import { envelopeToJSON } from '@sigstore/bundle';
import type { Witness } from '@sigstore/sign';
import type { HttpAnswer, Transport } from '../../http/message.ts';
import { isRecord, parseJson } from '../../text/json.ts';
import { type Entry, envelopeIn, isDone, logged } from './signing-service.ts';

const LOG = { task: 'log the signature', kind: 'a Rekor v1 log' };
/** Bytes; the entry contains digests and a certificate, and not the envelope. */
const ANSWER_LIMIT = 1 << 20;
const HASH = /^[0-9a-f]{64}$/;
/** The id of a tree before the hash of the entry. */
const UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A proposed entry: a kind, its version and the content for that kind. */
export interface ProposedEntry {
  readonly apiVersion: '0.0.1';
  readonly kind: 'dsse' | 'hashedrekord';
  readonly spec: object;
}

/** Logs the entry in the log at this base URL. */
export async function logInRekorV1(
  log: string,
  proposed: ProposedEntry,
  transport: Transport,
): Promise<Entry> {
  const asked = { method: 'POST', url: new URL(`${log}/api/v1/log/entries`) } as const;
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: Buffer.from(JSON.stringify(proposed)),
  });
  return logged(LOG, asked, answer, {
    entryIn: (shown) => entryIn(shown, proposed),
    readEntry: (conflict) => readEntry(conflict, proposed, transport),
  });
}

/** The log stores the digest of these exact bytes of the envelope, and not the envelope; `verifier` is PEM. */
export function dsseEntry(envelope: string, verifier: string): ProposedEntry {
  const proposedContent = { envelope, verifiers: [base64Of(verifier)] };
  return { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent } };
}

/** For a signature over the SHA-256 of the data; `verifier` is PEM. */
export function hashedRekordEntry(
  data: Uint8Array,
  signature: Buffer,
  verifier: string,
): ProposedEntry {
  const value = createHash('sha256').update(data).digest('hex');
  return {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value } },
      signature: {
        content: signature.toString('base64'),
        publicKey: { content: base64Of(verifier) },
      },
    },
  };
}

export function rekorV1Witness(log: string, transport: Transport): Witness {
  return {
    async testify(content, verifier) {
      const envelope = JSON.stringify(envelopeToJSON(envelopeIn(content)));
      const entry = await logInRekorV1(log, dsseEntry(envelope, verifier), transport);
      return { tlogEntries: [entry] };
    },
  };
}

/** The entry that the conflict names, in the same log. */
async function readEntry(
  { headers, url }: HttpAnswer,
  proposed: ProposedEntry,
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
  return entryIn(answer, proposed);
}

function entryIn(answer: HttpAnswer, proposed: ProposedEntry): Entry | undefined {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : undefined;
  const [entry, ...others] = isRecord(json) ? Object.values(json) : [];
  if (!isRecord(entry) || others.length > 0) return undefined;
  const { body, integratedTime, logID, logIndex, verification } = entry;
  const isWhole =
    isText(body, BASE64) && isText(logID, HASH) && isCount(logIndex) && isCount(integratedTime);
  if (!isWhole || !isRecord(verification)) return undefined;
  const kindVersion = kindIn(body, proposed);
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

function kindIn(body: string, proposed: ProposedEntry): Entry['kindVersion'] | undefined {
  const entry = parseJson(Buffer.from(body, 'base64').toString());
  if (!isRecord(entry)) return undefined;
  const { kind, apiVersion } = proposed;
  const isOurs = entry['kind'] === kind && entry['apiVersion'] === apiVersion;
  return isOurs ? { kind, version: apiVersion } : undefined;
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

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64');
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
