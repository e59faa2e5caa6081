// Content that a log would never sign, or no longer, signed with its key.
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';

import { canonicalJson } from '../../services/canonical-json.ts';
import { MerkleTree } from '../../services/sigstore/merkle.ts';
import { logNames } from '../../stack/trust.ts';
import type { EntryJson } from '../../bundles/bundle-json.ts';

/** The entry with the promise of Rekor v1 for its current content, and without a proof. */
export function promised(entry: EntryJson, key: KeyObject): EntryJson {
  const rest = { ...entry };
  delete rest.inclusionProof;
  const { canonicalizedBody: body, integratedTime, logId, logIndex } = rest;
  const signed = canonicalJson({
    body,
    integratedTime: Number(integratedTime),
    logID: Buffer.from(logId.keyId, 'base64').toString('hex'),
    logIndex: Number(logIndex),
  });
  return {
    ...rest,
    inclusionPromise: {
      signedEntryTimestamp: sign('sha256', Buffer.from(signed), key).toString('base64'),
    },
  };
}

/** A checkpoint with another text, signed again: C2SP signed-note.md */
export function resigned(
  checkpoint: string,
  change: (note: string) => string,
  key: KeyObject,
): string {
  const [note = '', signatures = ''] = checkpoint.split('\n\n');
  const text = change(`${note}\n`);
  const [, name = '', signature = ''] = /^\u2014 (\S+) (\S+)$/m.exec(signatures) ?? [];
  const hint = Buffer.from(signature, 'base64').subarray(0, 4);
  return `${text}\n\u2014 ${name} ${Buffer.concat([hint, sign('sha256', Buffer.from(text), key)]).toString('base64')}\n`;
}

/** In the form that Rekor v2 would have recorded after its first entry; clients treat an index of 0 as missing. */
export function secondEntry(
  body: { readonly kind: string; readonly apiVersion: string; readonly spec: object },
  key: KeyObject,
): EntryJson {
  const canonical = Buffer.from(canonicalJson(body));
  const tree = new MerkleTree();
  tree.append(Buffer.from('first'));
  tree.append(canonical);
  const keyId = createHash('sha256')
    .update(createPublicKey(key).export({ format: 'der', type: 'spki' }))
    .digest();
  const rootHash = tree.root().toString('base64');
  const unsigned = `${logNames.rekorV2}\n2\n${rootHash}\n\n\u2014 ${logNames.rekorV2} ${keyId.subarray(0, 4).toString('base64')}\n`;
  const checkpoint = { envelope: resigned(unsigned, (note) => note, key) };
  return {
    logIndex: '1',
    logId: { keyId: keyId.toString('base64') },
    kindVersion: { kind: body.kind, version: body.apiVersion },
    inclusionProof: {
      logIndex: '1',
      rootHash,
      treeSize: '2',
      hashes: tree.proof(1).map((hash) => hash.toString('base64')),
      checkpoint,
    },
    canonicalizedBody: canonical.toString('base64'),
  };
}
