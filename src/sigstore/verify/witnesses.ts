// Checks of log entries and timestamps that the engine leaves to its caller: Sigstore client specification, "Transparency log entry".
import type { Bundle } from '@sigstore/bundle';
import { RFC3161Timestamp } from '@sigstore/core';
import type { TrustMaterial } from '@sigstore/verify';
import type { LogEntry, VerifiedTime } from '../../model/bundle.ts';
import { Refusal } from '../refusal.ts';
import type { Trust } from '../trust/trust.ts';

type Log = TrustMaterial['tlogs'][number];

/** For entries with valid promises and proofs. */
export function checkLogs(bundle: Bundle, { tlogs }: TrustMaterial): void {
  const times = timesOf(bundle);
  for (const entry of bundle.verificationMaterial.tlogEntries) {
    const logs = logsOf(entry, tlogs);
    const origin = entry.inclusionProof?.checkpoint?.envelope.split('\n', 1)[0];
    if (origin !== undefined && !logs.some((log) => isOriginOf(log, origin)))
      throw new Refusal(
        'TRANSPARENCY_LOG',
        'checkpoint origin',
        logs.map(({ baseURL }) => baseURL).join(' or '),
        origin,
      );
    // A promise has its own time, which the engine compares with the log; a proof has none, so the log must have been in use at every time of the signature.
    const late = entry.inclusionPromise
      ? undefined
      : times.find(
          ({ time }) => !logs.some(({ validFor: { start, end } }) => start <= time && time <= end),
        );
    if (late)
      throw new Refusal(
        'TRANSPARENCY_LOG',
        'log',
        'in use when it signed',
        `not in use at ${late.time.toISOString()}`,
      );
  }
}

/** Every time that a promise or a timestamp proves. */
export function timesOf({
  verificationMaterial: { tlogEntries, timestampVerificationData },
}: Bundle): readonly VerifiedTime[] {
  const stamps = (timestampVerificationData?.rfc3161Timestamps ?? []).map(
    ({ signedTimestamp }) => ({
      time: RFC3161Timestamp.parse(Buffer.from(signedTimestamp)).signingTime,
      source: 'timestamp-authority' as const,
    }),
  );
  const entries = tlogEntries
    .filter((entry) => entry.inclusionPromise && Number(entry.integratedTime) > 0)
    .map((entry) => ({
      time: new Date(Number(entry.integratedTime) * 1000),
      source: 'transparency-log' as const,
    }));
  return [...stamps, ...entries];
}

export function logEntriesOf(
  { verificationMaterial }: Bundle,
  { material }: Trust,
): readonly LogEntry[] {
  return verificationMaterial.tlogEntries.map((entry) => {
    const { logIndex, inclusionPromise, inclusionProof } = entry;
    const log = logsOf(entry, material.tlogs)[0]?.baseURL ?? 'unknown';
    // Only Rekor v1 has promises. The index is signed in a promise and proven in a proof; with only a proof, it is not verified.
    if (inclusionPromise) return { log, index: logIndex, link: linkTo(log, logIndex) };
    return { log, index: inclusionProof?.logIndex ?? logIndex };
  });
}

/** C2SP tlog-checkpoint: the log's own name, followed in Rekor v1 by the id of its tree. One key may sign for several logs. */
function isOriginOf({ baseURL }: Log, origin: string): boolean {
  const url = URL.parse(baseURL);
  const [name] = origin.split(' - ', 1);
  return (
    url ? [url.host, url.hostname, `${url.host}${url.pathname.replace(/\/$/, '')}`] : [baseURL]
  ).some((own) => own === name);
}

function logsOf(
  { logId }: { readonly logId: { readonly keyId: Buffer } | undefined },
  logs: readonly Log[],
): readonly Log[] {
  return logs.filter(({ logID }) => logId && logID.equals(logId.keyId));
}

function linkTo(log: string, index: string): string {
  return log === 'https://rekor.sigstore.dev'
    ? `https://search.sigstore.dev/?logIndex=${index}`
    : `${log}/api/v1/log/entries?logIndex=${index}`;
}
