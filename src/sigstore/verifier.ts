// The only maker of a VerifiedBundle: everything that cryptography can say about a bundle, and nothing about who is welcome.
import type { Bundle } from '@sigstore/bundle';
import { RFC3161Timestamp } from '@sigstore/core';
import { ActionError } from '../errors.ts';
import type { FoundBundle, LogEntry, VerifiedBundle, VerifiedTime } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import type { Signer } from '../model/identity.ts';
import { isAbout } from '../model/statement.ts';
import type { Checked } from '../model/verdict.ts';
import { verifyByCertificate } from './by-certificate.ts';
import { type TrustedKeys, verifyByKey } from './by-key.ts';
import { parseBundle, type ParsedBundle } from './parse-bundle.ts';
import { Refusal, rejectionOf } from './refusal.ts';
import { statementOf } from './signed-statement.ts';
import type { Trust, TrustStore } from './trust.ts';

/** Verifies one bundle for one manifest; a refusal is a value, whatever the bundle holds. Throws `service` errors when a trusted root cannot be had. */
export type Verify = (found: FoundBundle, digest: Digest) => Promise<Checked>;

/** With `keys` only they count, and no certificate does; without, only certificates. */
export function createVerifier(trusted: TrustStore, keys?: TrustedKeys): Verify {
  return async (found, digest) => {
    try {
      return { verified: await verify(found, digest, trusted, keys) };
    } catch (error) {
      if (error instanceof ActionError) throw error;
      return { rejected: rejectionOf(found, error) };
    }
  };
}

// The order of the Sigstore client specification, "Verification", with the checks that the engine leaves to its caller behind it.
async function verify(found: FoundBundle, digest: Digest, trusted: TrustStore, keys: TrustedKeys | undefined): Promise<VerifiedBundle> {
  const parsed = parseBundle(found);
  const { signer, trust } = keys ? await signedByKey(parsed, found, keys, trusted) : await verifyByCertificate(parsed, found, trusted);
  const statement = statementOf(parsed);
  if (!isAbout(statement, digest)) {
    const subjects = statement.subject.slice(0, 3).map((subject) => `sha256:${subject.digest['sha256'] ?? '(none)'}`);
    throw new Refusal('SUBJECT', 'subject', digest, subjects.join(', '));
  }
  const evidence: Omit<VerifiedBundle, keyof VerifiedBundle & symbol> = {
    found, statement, signer, times: trust ? timesOf(parsed.bundle) : [], logEntries: trust ? logEntriesOf(parsed.bundle, trust) : [],
  };
  return evidence as VerifiedBundle;
}

async function signedByKey(parsed: ParsedBundle, found: FoundBundle, keys: TrustedKeys, trusted: TrustStore): Promise<{ readonly signer: Signer; readonly trust: Trust | undefined }> {
  const { key, trust } = await verifyByKey(parsed, found, keys, trusted);
  return { signer: { key: key.fingerprint, from: key.from }, trust };
}

/** The engine has verified every one of them, or it would have refused. */
function timesOf({ verificationMaterial: { tlogEntries, timestampVerificationData } }: Bundle): readonly VerifiedTime[] {
  const stamps = (timestampVerificationData?.rfc3161Timestamps ?? [])
    .map(({ signedTimestamp }) => ({ time: RFC3161Timestamp.parse(Buffer.from(signedTimestamp)).signingTime, source: 'timestamp-authority' as const }));
  const entries = tlogEntries
    .filter((entry) => entry.inclusionPromise && Number(entry.integratedTime) > 0)
    .map((entry) => ({ time: new Date(Number(entry.integratedTime) * 1000), source: 'transparency-log' as const }));
  return [...stamps, ...entries];
}

function logEntriesOf({ verificationMaterial }: Bundle, { material }: Trust): readonly LogEntry[] {
  return verificationMaterial.tlogEntries.map(({ logId, logIndex, inclusionPromise, inclusionProof }) => {
    const log = material.tlogs.find(({ logID }) => logId && logID.equals(logId.keyId))?.baseURL ?? 'unknown';
    // Only Rekor v1 promises. The index is signed in a promise and proven in a proof; beside a proof alone it is anybody's word.
    if (inclusionPromise) return { log, index: logIndex, link: linkTo(log, logIndex) };
    return { log, index: inclusionProof?.logIndex ?? logIndex };
  });
}

function linkTo(log: string, index: string): string {
  return log === 'https://rekor.sigstore.dev' ? `https://search.sigstore.dev/?logIndex=${index}` : `${log}/api/v1/log/entries?logIndex=${index}`;
}
