// Requests to record a signature in a log, in each form that logs accept or used to accept.
import { createHash } from 'node:crypto';

import { canonicalJson } from '../../services/canonical-json.ts';
import { algorithmOf } from '../algorithm.ts';
import type { EnvelopeJson } from '../bundle-json.ts';
import type { VerifierOfHolder } from '../holder.ts';

export interface SignedBytes {
  /** The bytes that the signature is over. */
  readonly content: Buffer;
  readonly signature: Buffer;
  readonly verifier: VerifierOfHolder;
}

export interface SignedEnvelope extends SignedBytes {
  readonly envelope: EnvelopeJson;
}

export interface ProposedEntry {
  readonly log: 'v1' | 'v2';
  readonly entry: object;
}

export type LogKind = keyof typeof proposals;

export const proposals = {
  'Rekor v1 dsse 0.0.1': ({ envelope, verifier }: SignedEnvelope): ProposedEntry => ({
    log: 'v1',
    entry: {
      kind: 'dsse',
      apiVersion: '0.0.1',
      spec: {
        proposedContent: { envelope: JSON.stringify(envelope), verifiers: [base64(verifier.pem)] },
      },
    },
  }),
  'Rekor v1 hashedrekord 0.0.1': ({ content, signature, verifier }: SignedBytes): ProposedEntry => {
    const { hash: algorithm } = verifier;
    if (algorithm === null) throw new RangeError('There is no hash of what was signed');
    const hash = { algorithm, value: digest(algorithm, content).toString('hex') };
    return {
      log: 'v1',
      entry: {
        kind: 'hashedrekord',
        apiVersion: '0.0.1',
        spec: {
          data: { hash },
          signature: { content: base64(signature), publicKey: { content: base64(verifier.pem) } },
        },
      },
    };
  },
  'Rekor v1 intoto 0.0.1': ({ envelope, verifier }: SignedEnvelope): ProposedEntry => ({
    log: 'v1',
    entry: {
      kind: 'intoto',
      apiVersion: '0.0.1',
      spec: { content: { envelope: JSON.stringify(envelope) }, publicKey: base64(verifier.pem) },
    },
  }),
  // An envelope of this type contains base64 of base64, and the hash is over the envelope with the key in it.
  'Rekor v1 intoto 0.0.2': ({
    envelope: { payload, payloadType },
    signature,
    verifier,
  }: SignedEnvelope): ProposedEntry => {
    const sig = base64(signature);
    const hash = digest(
      'sha256',
      canonicalJson({ payloadType, payload, signatures: [{ sig, publicKey: verifier.pem }] }),
    ).toString('hex');
    const payloadHash = digest('sha256', Buffer.from(payload, 'base64')).toString('hex');
    const envelope = {
      payloadType,
      payload: base64(payload),
      signatures: [{ sig: base64(sig), publicKey: base64(verifier.pem) }],
    };
    return {
      log: 'v1',
      entry: {
        kind: 'intoto',
        apiVersion: '0.0.2',
        spec: {
          content: {
            envelope,
            hash: { algorithm: 'sha256', value: hash },
            payloadHash: { algorithm: 'sha256', value: payloadHash },
          },
        },
      },
    };
  },
  'Rekor v2 hashedrekord 0.0.2': ({
    content,
    signature,
    verifier,
  }: SignedBytes): ProposedEntry => ({
    log: 'v2',
    entry: {
      hashedRekordRequestV002: {
        digest: base64(digest(algorithmOf(verifier.key).hash, content)),
        signature: { content: base64(signature), verifier: recorded(verifier) },
      },
    },
  }),
} satisfies Readonly<Record<string, (signed: SignedEnvelope) => ProposedEntry>>;

function recorded({ kind, der, key }: VerifierOfHolder): object {
  return { [kind]: { rawBytes: base64(der) }, keyDetails: algorithmOf(key).details };
}

function digest(algorithm: string, bytes: Buffer | string): Buffer {
  return createHash(algorithm).update(bytes).digest();
}

function base64(bytes: Buffer | string): string {
  return Buffer.from(bytes).toString('base64');
}
