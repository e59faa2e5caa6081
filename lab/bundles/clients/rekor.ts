// Entries of both versions of Rekor, as the log entries of a bundle: https://github.com/sigstore/rekor, https://github.com/sigstore/rekor-tiles
import type { EntryJson } from '../bundle-json.ts';
import type { Endpoints } from './endpoints.ts';
import { postForJson } from './post.ts';
import type { ProposedEntry } from './propose.ts';

interface RekorV1Entry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly checkpoint: string;
      readonly hashes: readonly string[];
      readonly logIndex: number;
      readonly rootHash: string;
      readonly treeSize: number;
    };
  };
}

export async function logged(
  { rekorV1, rekorV2 }: Pick<Endpoints, 'rekorV1' | 'rekorV2'>,
  { log, entry }: ProposedEntry,
): Promise<EntryJson> {
  if (log === 'v2') return (await postForJson(`${rekorV2}/api/v2/log/entries`, entry)) as EntryJson;
  const answer = (await postForJson(`${rekorV1}/api/v1/log/entries`, entry)) as Readonly<
    Record<string, RekorV1Entry>
  >;
  const [stored] = Object.values(answer);
  if (!stored) throw new Error('Rekor v1 answered without an entry');
  return entryOfV1(stored);
}

function entryOfV1({
  body,
  integratedTime,
  logID,
  logIndex,
  verification,
}: RekorV1Entry): EntryJson {
  const { kind, apiVersion } = JSON.parse(Buffer.from(body, 'base64').toString()) as {
    kind: string;
    apiVersion: string;
  };
  const { signedEntryTimestamp, inclusionProof: proof } = verification;
  return {
    logIndex: String(logIndex),
    logId: { keyId: base64OfHex(logID) },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: base64OfHex(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(base64OfHex),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: body,
  };
}

function base64OfHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
