// The key that a transparency log entry records: Rekor v1 types (https://github.com/sigstore/rekor/tree/main/pkg/types) and Rekor v2 entries.
import type { Bundle, TransparencyLogEntry } from '@sigstore/bundle';
import { pem } from '@sigstore/core';
import { isRecord, parseJson } from '../../text/json.ts';
import { Refusal } from '../refusal.ts';

/** The engine compares signature and digest with the log entry, not the key: a foreign entry for the same signature would count. */
export function checkRecordedKeys(
  { verificationMaterial }: Bundle,
  own: Uint8Array,
  name: string,
): void {
  for (const entry of verificationMaterial.tlogEntries) {
    const [key] = recordedKeys(entry);
    if (!key?.equals(own))
      throw new Refusal('LOG_ENTRY_KEY', 'key in the log entry', name, key ? 'another' : 'none');
  }
}

/** The verifiers (DER certificates or keys) in the entry's body; empty if the body has none that we support. */
function recordedKeys(entry: TransparencyLogEntry): readonly Buffer[] {
  const body = parseJson(entry.canonicalizedBody.toString('utf8'));
  const spec = at(body, 'spec');
  const { kind, version } = entry.kindVersion;
  switch (`${kind}/${version}`) {
    case 'hashedrekord/0.0.1':
      return fromPem([at(spec, 'signature', 'publicKey', 'content')]);
    case 'dsse/0.0.1':
      return fromPem(list(at(spec, 'signatures')).map((signature) => at(signature, 'verifier')));
    case 'intoto/0.0.1':
      return fromPem([at(spec, 'publicKey')]);
    case 'intoto/0.0.2':
      return fromPem(
        list(at(spec, 'content', 'envelope', 'signatures')).map((signature) =>
          at(signature, 'publicKey'),
        ),
      );
    case 'hashedrekord/0.0.2':
      return fromDer([at(spec, 'hashedRekordV002', 'signature', 'verifier')]);
    case 'dsse/0.0.2':
      return fromDer(
        list(at(spec, 'dsseV002', 'signatures')).map((signature) => at(signature, 'verifier')),
      );
    default:
      return [];
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Rekor v1 records base64 of the PEM text. */
function fromPem(values: readonly unknown[]): readonly Buffer[] {
  return values
    .filter((value) => typeof value === 'string')
    .map((value) => pem.toDER(Buffer.from(value, 'base64').toString()));
}

function fromDer(verifiers: readonly unknown[]): readonly Buffer[] {
  return verifiers
    .map(
      (verifier) =>
        at(verifier, 'x509Certificate', 'rawBytes') ?? at(verifier, 'publicKey', 'rawBytes'),
    )
    .filter((value) => typeof value === 'string')
    .map((value) => Buffer.from(value, 'base64'));
}
