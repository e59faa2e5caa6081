// Rekor's intoto 0.0.1, the entries of attestations of 2022 and 2023 that the engine does not read: https://github.com/sigstore/rekor/tree/main/pkg/types/intoto/v0.0.1
import { createHash, verify } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import { json as canonical } from '@sigstore/core';
import type { TrustMaterial } from '@sigstore/verify';
import { isRecord, parseJson } from '../../text/json.ts';
import { Refusal } from '../refusal.ts';

export function isIntotoV001({ kindVersion: { kind, version } }: TransparencyLogEntry): boolean {
  return kind === 'intoto' && version === '0.0.1';
}

/** The log signed the entry's promise, and the entry records this exact envelope; its key is checked with the others. */
export function verifyIntotoV001(
  entry: TransparencyLogEntry,
  envelope: Buffer | undefined,
  { tlogs }: TrustMaterial,
): void {
  const { canonicalizedBody, integratedTime, logIndex, logId, inclusionPromise } = entry;
  const time = new Date(Number(integratedTime) * 1000);
  const log = tlogs.find(
    ({ logID, validFor: { start, end } }) =>
      logID.equals(logId.keyId) && start <= time && time <= end,
  );
  const promised = Buffer.from(
    canonical.canonicalize({
      body: canonicalizedBody.toString('base64'),
      integratedTime: Number(integratedTime),
      logID: logId.keyId.toString('hex'),
      logIndex: Number(logIndex),
    }),
  );
  if (
    !log ||
    !inclusionPromise ||
    !verify('sha256', promised, log.publicKey, inclusionPromise.signedEntryTimestamp)
  )
    throw refused('inclusion promise could not be verified');
  const body = parseJson(canonicalizedBody.toString('utf8'));
  const [spec, kind, version] = isRecord(body)
    ? [body['spec'], body['kind'], body['apiVersion']]
    : [];
  const content = isRecord(spec) ? spec['content'] : undefined;
  const hash = isRecord(content) ? content['hash'] : undefined;
  const recorded = isRecord(hash) && hash['algorithm'] === 'sha256' ? hash['value'] : undefined;
  const isThis =
    envelope !== undefined && recorded === createHash('sha256').update(envelope).digest('hex');
  if (kind !== 'intoto' || version !== '0.0.1' || !isThis)
    throw refused('the entry records another envelope');
}

function refused(state: string): Refusal {
  return new Refusal(
    'TRANSPARENCY_LOG',
    'transparency log',
    'an entry of a trusted log for this signature',
    state,
  );
}
