// The only place that creates a VerifiedBundle: all cryptographic checks of a bundle, and no policy.
import { setImmediate } from 'node:timers/promises';
import { ActionError } from '../../errors.ts';
import type { FoundBundle, VerifiedBundle } from '../../model/bundle.ts';
import type { Digest } from '../../model/digest.ts';
import type { Signer } from '../../model/identity.ts';
import { isAbout } from '../../model/statement.ts';
import type { Checked, Concluded } from '../../model/verdict.ts';
import { Undecided, verifyByCertificate } from './by-certificate.ts';
import { type TrustedKeys, verifyByKey } from './by-key.ts';
import { parseBundle, type ParsedBundle } from './parse-bundle.ts';
import { Refusal, rejectionOf } from '../refusal.ts';
import { statementOf } from './signed-statement.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';
import { logEntriesOf, timesOf } from './witnesses.ts';

/**
 * Verifies one bundle for one manifest; a refusal is a value, whatever the bundle holds, and so is that another trusted root has to be asked for.
 * Throws `service` errors when a trusted root cannot be had.
 */
export type Verify = (found: FoundBundle, digest: Digest) => Promise<Checked>;

/** With `keys` only they count, and no certificate does; without, only certificates. */
export function createVerifier(trusted: TrustStore, keys?: TrustedKeys): Verify {
  return async (found, digest) => {
    try {
      return { verified: await verify(found, digest, trusted, keys) };
    } catch (error) {
      if (!(error instanceof Undecided)) return rejected(found, error);
      return { postponed: () => decide(found, digest, error) };
    }
  };
}

export type Conclude = (found: FoundBundle, digest: Digest) => Promise<Concluded>;

/** Without other work in the meantime: loads another root immediately. */
export function conclusive(verify: Verify): Conclude {
  return async (found, digest) => {
    const checked = await verify(found, digest);
    return 'postponed' in checked ? checked.postponed() : checked;
  };
}

/** With the other root alone: what the known ones say has been heard. */
async function decide(found: FoundBundle, digest: Digest, { load }: Undecided): Promise<Concluded> {
  const known = await load();
  const other: TrustStore = {
    issuersOf: () => Promise.resolve({ known }),
    all: () => Promise.resolve(known),
  };
  try {
    return { verified: await verify(found, digest, other, undefined) };
  } catch (error) {
    return rejected(found, error);
  }
}

function rejected(found: FoundBundle, error: unknown): Concluded {
  if (error instanceof ActionError) throw error;
  return { rejected: rejectionOf(found, error) };
}

// The order of the Sigstore client specification, "Verification", with the checks that the engine leaves to its caller behind it.
async function verify(
  found: FoundBundle,
  digest: Digest,
  trusted: TrustStore,
  keys: TrustedKeys | undefined,
): Promise<VerifiedBundle> {
  // A bundle may be 16 MiB: each step of it takes its time, and timers and sockets get theirs in between.
  await setImmediate();
  const parsed = parseBundle(found);
  await setImmediate();
  const { signer, trust } = keys
    ? await signedByKey(parsed, found, keys, trusted)
    : await verifyByCertificate(parsed, found, trusted);
  await setImmediate();
  const statement = statementOf(parsed);
  if (!isAbout(statement, digest)) {
    const subjects = statement.subject
      .slice(0, 3)
      .map((subject) => `sha256:${subject.digest['sha256'] ?? '(none)'}`);
    throw new Refusal('SUBJECT', 'subject', digest, subjects.join(', '));
  }
  const evidence: Omit<VerifiedBundle, keyof VerifiedBundle & symbol> = {
    found: { source: found.source, place: found.place },
    statement: { predicateType: statement.predicateType },
    signer,
    times: trust ? timesOf(parsed.bundle) : [],
    logEntries: trust ? logEntriesOf(parsed.bundle, trust) : [],
  };
  return evidence as VerifiedBundle;
}

async function signedByKey(
  parsed: ParsedBundle,
  found: FoundBundle,
  keys: TrustedKeys,
  trusted: TrustStore,
): Promise<{ readonly signer: Signer; readonly trust: Trust | undefined }> {
  const { key, trust } = await verifyByKey(parsed, found, keys, trusted);
  return { signer: { key: key.fingerprint, from: key.from }, trust };
}
