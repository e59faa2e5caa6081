// Checks a proposed Rekor v1 entry and turns it into the canonical one that is logged.
import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';

import { isObject, parseObject } from '../answer.ts';
import { sha256, verifySignedDigest } from './signed-digest.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface CanonicalEntry {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: object;
}

/** Throws an Error that describes what is wrong with the entry. */
export function canonicalize(proposed: Fields): CanonicalEntry {
  const spec = fields(proposed['spec']);
  const { kind, apiVersion } = proposed;
  if (kind === 'dsse' && apiVersion === '0.0.1') return { apiVersion, kind, spec: dsseSpec(spec) };
  if (kind === 'hashedrekord' && apiVersion === '0.0.1')
    return { apiVersion, kind, spec: hashedRekordSpec(spec) };
  throw new Error(
    `entry of kind ${String(kind)} and version ${String(apiVersion)} is not supported`,
  );
}

export function readVerifier(pem: string): KeyObject {
  return pem.includes('BEGIN CERTIFICATE')
    ? new X509Certificate(pem).publicKey
    : createPublicKey(pem);
}

// https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
function preAuthEncoding(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

function dsseSpec(spec: Fields): object {
  const { envelope: envelopeText, verifiers } = fields(spec['proposedContent']);
  const envelope = parseObject(String(envelopeText));
  if (!envelope || !Array.isArray(envelope['signatures']))
    throw new Error('envelope is not a DSSE envelope');
  const payload = Buffer.from(String(envelope['payload']), 'base64');
  const signed = preAuthEncoding(String(envelope['payloadType']), payload);
  const candidates = (Array.isArray(verifiers) ? verifiers : []).map(String);
  const signatures = envelope['signatures'].map((given: unknown) => {
    const signature = String(fields(given)['sig']);
    const verifier = candidates.find((candidate) => verifies(signed, signature, candidate));
    if (verifier === undefined)
      throw new Error('could not verify envelope: accepted signatures do not match threshold');
    return { signature, verifier };
  });
  return {
    envelopeHash: { algorithm: 'sha256', value: sha256(String(envelopeText)).toString('hex') },
    payloadHash: { algorithm: 'sha256', value: sha256(payload).toString('hex') },
    signatures,
  };
}

function hashedRekordSpec(spec: Fields): object {
  const { algorithm, value } = fields(fields(spec['data'])['hash']);
  const { content, publicKey } = fields(spec['signature']);
  const verifier = String(fields(publicKey)['content']);
  if (algorithm !== 'sha256')
    throw new Error(`hash algorithm ${String(algorithm)} is not supported`);
  const digest = Buffer.from(String(value), 'hex');
  const signature = Buffer.from(String(content), 'base64');
  if (
    digest.length !== 32 ||
    !verifySignedDigest(digest, signature, readVerifier(decodeText(verifier)))
  ) {
    throw new Error(
      'verifying signature: invalid signature when validating ASN.1 encoded signature',
    );
  }
  return {
    data: { hash: { algorithm, value } },
    signature: { content, publicKey: { content: verifier } },
  };
}

function verifies(signed: Buffer, signature: string, verifier: string): boolean {
  const key = readVerifier(decodeText(verifier));
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return verify(algorithm, signed, key, Buffer.from(signature, 'base64'));
}

function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

function fields(value: unknown): Fields {
  return isObject(value) ? value : {};
}
