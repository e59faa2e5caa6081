// Logs a signature in Rekor v2 as hashedrekord 0.0.2: https://github.com/sigstore/rekor-tiles/blob/main/CLIENTS.md
import { createHash, createPublicKey } from 'node:crypto';
import { dsse, pem } from '@sigstore/core';
import { TransparencyLogEntry } from '@sigstore/protobuf-specs';
import type { SignatureBundle, Witness } from '@sigstore/sign';
import { lookAgain } from '../../concurrency/look-again.ts';
import type { HttpAnswer, Transport } from '../../http/message.ts';
import { isRecord, parseJson } from '../../text/json.ts';
import { algorithmOf, type KeyAlgorithm } from './key-algorithm.ts';
import { proveInclusion, type ReadPath } from './log-tiles.ts';
import { type Entry, envelopeIn, isDone, logged } from './signing-service.ts';

/** The IDs of the trusted logs: when an entry is read, a log shows only the first four bytes of its own. */
export type LogIds = () => Promise<readonly Buffer[]>;

interface HashedRekord {
  readonly digest: string;
  readonly signature: object;
}

interface Verifier {
  readonly algorithm: KeyAlgorithm;
  readonly recorded: object;
}

const LOG = { task: 'log the signature', kind: 'a Rekor v2 log' };
/** Bytes; no response of a log is larger, whether an entry, a checkpoint or a tile. */
const ANSWER_LIMIT = 1 << 20;
/** Milliseconds: the log responds when its next checkpoint is published. */
const ANSWER_TIMEOUT = 60_000;
const P256: KeyAlgorithm = { details: 'PKIX_ECDSA_P256_SHA_256', hash: 'sha256' };
const KIND = 'hashedrekord';
const VERSION = '0.0.2';
const INDEX = /^\d{1,15}$/;

/** A witness for `@sigstore/sign`, whose own one sends a request that the service no longer accepts. */
export function rekorV2Witness(log: string, logIds: LogIds, transport: Transport): Witness {
  const asked = { method: 'POST', url: new URL(`${log}/api/v2/log/entries`) } as const;
  const read: ReadPath = async (path) => {
    const url = new URL(`${log}/api/v2/${path}`);
    const { status, body } = await transport({ method: 'GET', url, limit: ANSWER_LIMIT });
    if (status !== 200) throw new RangeError(`${path} answered ${status}`);
    return body;
  };
  return {
    async testify(content, pemText) {
      const verifier = verifierIn(pemText);
      const record = hashedRekord(content, verifier);
      const answer = await transport({
        ...asked,
        limit: ANSWER_LIMIT,
        timeout: ANSWER_TIMEOUT,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: Buffer.from(JSON.stringify({ hashedRekordRequestV002: record })),
      });
      const entry = await logged(LOG, asked, answer, {
        entryIn,
        readEntry: (conflict) =>
          readEntry(read, { ...record, algorithm: verifier.algorithm }, conflict, logIds),
      });
      return { tlogEntries: [entry] };
    },
  };
}

/** A certificate has the P-256 key of the step; other keys keep their algorithm. */
function verifierIn(text: string): Verifier {
  const rawBytes = pem.toDER(text).toString('base64');
  if (text.includes('BEGIN CERTIFICATE'))
    return { algorithm: P256, recorded: { x509Certificate: { rawBytes } } };
  const algorithm = algorithmOf(createPublicKey(text));
  if (!algorithm) throw new TypeError('a key of a kind that Rekor v2 does not take');
  return { algorithm, recorded: { publicKey: { rawBytes } } };
}

function hashedRekord(content: SignatureBundle, { algorithm, recorded }: Verifier): HashedRekord {
  const { payload, payloadType, signatures } = envelopeIn(content);
  return {
    // The pre-authentication encoding is signed, and so it is hashed.
    digest: createHash(algorithm.hash)
      .update(dsse.preAuthEncoding(payloadType, payload))
      .digest('base64'),
    signature: {
      content: signatures[0]?.sig.toString('base64'),
      verifier: { keyDetails: algorithm.details, ...recorded },
    },
  };
}

function entryIn(answer: HttpAnswer): Entry | undefined {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : undefined;
  if (!isRecord(json)) return undefined;
  try {
    const { logId, kindVersion, ...entry } = TransparencyLogEntry.fromJSON(json);
    const { logIndex, inclusionProof, canonicalizedBody } = entry;
    const isOurs = kindVersion?.kind === KIND && kindVersion.version === VERSION;
    if (!isOurs || !logId?.keyId.length || !canonicalizedBody.length) return undefined;
    if (!inclusionProof?.checkpoint || !INDEX.test(logIndex)) return undefined;
    return { ...entry, logId, kindVersion };
  } catch {
    // Members of unexpected types make the reader throw an error of the conversion.
    return undefined;
  }
}

/** rekor-tiles can only return an entry through its tiles. */
async function readEntry(
  read: ReadPath,
  { digest, signature, algorithm }: HashedRekord & { readonly algorithm: KeyAlgorithm },
  conflict: HttpAnswer,
  logIds: LogIds,
): Promise<Entry | undefined> {
  const index = indexIn(conflict);
  if (index === undefined) return undefined;
  // In the order of the canonical form, RFC 8785.
  const data = { algorithm: algorithm.hash.replace('sha', 'SHA2_'), digest };
  const hashedRekordV002 = { data, signature };
  const canonicalizedBody = Buffer.from(
    JSON.stringify({ apiVersion: VERSION, kind: KIND, spec: { hashedRekordV002 } }),
  );
  // Responses to reads may be older than the entry.
  const proof = await lookAgain(() => proveInclusion(read, canonicalizedBody, Number(index)));
  if (!proof) return undefined;
  const { treeSize, rootHash, hashes, checkpoint } = proof;
  const keyId = (await logIds()).find((id) => isSignedBy(checkpoint, id));
  return (
    keyId && {
      logIndex: index,
      logId: { keyId },
      kindVersion: { kind: KIND, version: VERSION },
      integratedTime: '0',
      inclusionPromise: undefined,
      inclusionProof: {
        logIndex: index,
        treeSize: String(treeSize),
        rootHash,
        hashes,
        checkpoint: { envelope: checkpoint },
      },
      canonicalizedBody,
    }
  );
}

/** rekor-tiles returns it in a header, which a proxy may drop, and in the message of its error. */
function indexIn({ headers, body }: HttpAnswer): string | undefined {
  const json = parseJson(body.toString());
  const message = isRecord(json) ? String(json['message']) : '';
  const index = headers.get('x-log-index') ?? /\bwith index (\d+)$/.exec(message)?.[1] ?? '';
  return INDEX.test(index) ? index : undefined;
}

/** C2SP signed-note: a signature line starts with four bytes of the key's ID. The verifier checks the signature. */
function isSignedBy(checkpoint: string, id: Buffer): boolean {
  const lines = [...checkpoint.matchAll(/^\u2014 \S+ ([A-Za-z0-9+/]+=*)$/gm)];
  return lines.some(([, signature = '']) =>
    Buffer.from(signature, 'base64').subarray(0, 4).equals(id.subarray(0, 4)),
  );
}
