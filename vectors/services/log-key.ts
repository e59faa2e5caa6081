// What a log would never sign, or no longer, by the key of the log.
import { createHash, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { canonicalJson } from '../../__tests__/services/canonical-json.ts';
import { leafHash } from '../../__tests__/services/sigstore/merkle.ts';
import { logNames } from '../../interop/stack/trust.ts';
import type { EntryJson } from '../bundle-json.ts';

/** The entry with the promise of Rekor v1 for what it says now, and without a proof. */
export function promised(entry: EntryJson, key: KeyObject): EntryJson {
  const rest = { ...entry };
  delete rest.inclusionProof;
  const { canonicalizedBody: body, integratedTime, logId, logIndex } = rest;
  const signed = canonicalJson({ body, integratedTime: Number(integratedTime), logID: Buffer.from(logId.keyId, 'base64').toString('hex'), logIndex: Number(logIndex) });
  return { ...rest, inclusionPromise: { signedEntryTimestamp: sign('sha256', Buffer.from(signed), key).toString('base64') } };
}

/** A checkpoint with another text above its signature, signed anew: C2SP signed-note.md */
export function resigned(checkpoint: string, change: (note: string) => string, key: KeyObject): string {
  const [note = '', signatures = ''] = checkpoint.split('\n\n');
  const text = change(`${note}\n`);
  const [, name = '', signature = ''] = /^\u2014 (\S+) (\S+)$/m.exec(signatures) ?? [];
  const hint = Buffer.from(signature, 'base64').subarray(0, 4);
  return `${text}\n\u2014 ${name} ${Buffer.concat([hint, sign('sha256', Buffer.from(text), key)]).toString('base64')}\n`;
}

/** The first entry of Rekor v2, when there was no second: the tree is the entry. */
export function soleEntry(body: { readonly kind: string; readonly apiVersion: string; readonly spec: object }, key: KeyObject): EntryJson {
  const canonical = Buffer.from(canonicalJson(body));
  const keyId = createHash('sha256').update(createPublicKey(key).export({ format: 'der', type: 'spki' })).digest();
  const rootHash = leafHash(canonical).toString('base64');
  const note = `${logNames.rekorV2}\n1\n${rootHash}\n`;
  const envelope = `${note}\n\u2014 ${logNames.rekorV2} ${keyId.subarray(0, 4).toString('base64')}\n`;
  return {
    logIndex: '0',
    logId: { keyId: keyId.toString('base64') },
    kindVersion: { kind: body.kind, version: body.apiVersion },
    inclusionProof: { logIndex: '0', rootHash, treeSize: '1', hashes: [], checkpoint: { envelope: resigned(envelope, (same) => same, key) } },
    canonicalizedBody: canonical.toString('base64'),
  };
}
