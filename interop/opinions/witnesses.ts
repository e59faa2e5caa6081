// What the judges have to be told beforehand, because they do not find it out: what is signed, and whether the instance keeps a log.
import { readFileSync } from 'node:fs';

import { isRecord, parseJson } from '../../src/model/parsed.ts';

export function contentOf(bundle: string): 'envelope' | 'message' {
  const json = parseJson(readFileSync(bundle, 'utf8'));
  return isRecord(json) && 'messageSignature' in json ? 'message' : 'envelope';
}

/** Undefined where there is no statement to read it in. */
export function predicateTypeOf(bundle: string): string | undefined {
  const json = parseJson(readFileSync(bundle, 'utf8'));
  const envelope = isRecord(json) ? json['dsseEnvelope'] : undefined;
  const payload = isRecord(envelope) ? envelope['payload'] : undefined;
  const statement = typeof payload === 'string' ? parseJson(Buffer.from(payload, 'base64').toString()) : undefined;
  const type = isRecord(statement) ? statement['predicateType'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

/** GitHub's own instance keeps none; without one, time comes from its timestamp authority. */
export function namesLog(trustedRoot: string): boolean {
  const json = parseJson(readFileSync(trustedRoot, 'utf8'));
  return isRecord(json) && Array.isArray(json['tlogs']) && json['tlogs'].length > 0;
}
