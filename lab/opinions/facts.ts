// Facts about the files of a vector that are needed to run a verifier.
import { readFileSync } from 'node:fs';

import { isRecord, parseJson } from '../../src/text/json.ts';
import type { Question } from './question.ts';

export function contentOf({ bundle }: Pick<Question, 'bundle'>): 'envelope' | 'message' {
  return 'messageSignature' in read(bundle) ? 'message' : 'envelope';
}

/** Undefined if there is no statement to read it from. */
export function predicateTypeOf({ bundle }: Question): string | undefined {
  const { dsseEnvelope } = read(bundle);
  const payload = isRecord(dsseEnvelope) ? dsseEnvelope['payload'] : undefined;
  const statement =
    typeof payload === 'string' ? parseJson(Buffer.from(payload, 'base64').toString()) : undefined;
  const type = isRecord(statement) ? statement['predicateType'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

/**
 * Which records of the signature are required, because other verifiers need it as a setting: GitHub's own instance has no log, and for a key a log entry or a timestamp is
 * enough.
 */
export function witnessOf({
  bundle,
  signer,
  trustedRoot,
  unwitnessed,
}: Question): 'log' | 'timestamp authority' | 'nobody' {
  if (unwitnessed) return 'nobody';
  const { verificationMaterial: material } = read(bundle);
  const isLogged = isNonEmptyList(isRecord(material) ? material['tlogEntries'] : undefined);
  const isAsked = signer.kind === 'key' ? isLogged : isNonEmptyList(read(trustedRoot)['tlogs']);
  return isAsked ? 'log' : 'timestamp authority';
}

/** Why only we can verify it; undefined if others can. */
export function isOursAlone({ signer, trustedRoot }: Question): string | undefined {
  const lines = readFileSync(trustedRoot, 'utf8').trim().split('\n');
  if (lines.length > 1 && lines.every((line) => isRecord(parseJson(line))))
    return 'it takes one trusted root';
  const keys =
    signer.kind === 'key' ? readFileSync(signer.path, 'utf8').split('-----BEGIN').length - 1 : 1;
  return keys > 1 ? 'it takes one key' : undefined;
}

function read(path: string): Readonly<Record<string, unknown>> {
  const json = parseJson(readFileSync(path, 'utf8'));
  return isRecord(json) ? json : {};
}

function isNonEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
