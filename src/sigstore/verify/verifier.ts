// The only place that creates a VerifiedBundle: all cryptographic checks of a bundle, and no policy.
import { setImmediate } from 'node:timers/promises';
import { ActionError } from '../../errors.ts';
import type {
  Claimed,
  FoundBundle,
  UnwitnessedBundle,
  VerifiedBundle,
  WitnessedBundle,
} from '../../model/bundle.ts';
import type { Digest } from '../../model/digest.ts';
import { mapEach, type NonEmpty } from '../../model/non-empty.ts';
import type { Checked, Concluded, Rejection } from '../../model/verdict.ts';
import { type Artifact, imageOf } from './artifact.ts';
import { attestedImage } from './attested.ts';
import {
  certificateIn,
  checkUsage,
  issuersOf,
  signerNamedBy,
  Undecided,
} from './by-certificate.ts';
import { keyThatSigned, witnessesOf } from './by-key.ts';
import { runEngine } from './engine.ts';
import { checkRecordedKeys } from './log-entry-key.ts';
import { parseBundle, type ParsedBundle } from './parse-bundle.ts';
import { parseCertificate } from '../certificate.ts';
import { Refusal, rejectionOf } from '../refusal.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';
import { byCertificates, type Trusted } from './trusted.ts';
import { logEntriesOf, timesOf } from './witnesses.ts';

/**
 * Verifies one bundle for one manifest; a refusal is a value, whatever the bundle holds, and so is that another trusted root has to be asked for.
 * Throws `service` errors when a trusted root cannot be had.
 */
export type Verify = (found: FoundBundle, digest: Digest) => Promise<Checked>;

/** What a digest names is an image, unless `artifactOf` says otherwise. */
export function createVerifier(
  trusted: Trusted,
  artifactOf: (digest: Digest) => Artifact = imageOf,
): Verify {
  return async (found, digest) => {
    const { attested } = found;
    const artifact = attested ? attestedImage(digest, attested) : artifactOf(digest);
    try {
      return { verified: await verify(found, artifact, trusted) };
    } catch (error) {
      if (!(error instanceof Undecided)) return { rejected: rejectionIn(found, error) };
      return { postponed: () => decide(found, artifact, error) };
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
async function decide(
  found: FoundBundle,
  artifact: Artifact,
  { load }: Undecided,
): Promise<Concluded> {
  const known = await load();
  const other: TrustStore = {
    issuersOf: () => Promise.resolve({ known }),
    all: () => Promise.resolve(known),
  };
  try {
    return { verified: await verify(found, artifact, byCertificates(other)) };
  } catch (error) {
    return { rejected: rejectionIn(found, error) };
  }
}

function rejectionIn(found: FoundBundle, error: unknown): Rejection {
  if (error instanceof ActionError) throw error;
  return rejectionOf(found, error);
}

type Signing =
  | (Pick<WitnessedBundle, 'signer'> & { readonly bearing: NonEmpty<Trust> })
  | Pick<UnwitnessedBundle, 'signer' | 'unwitnessed'>;

type Unmarked<Bundle> = Omit<Bundle, keyof VerifiedBundle & symbol>;

/** The steps of the Sigstore client specification, "Verification", in its order; the numbers are those of docs/verification.md. Each throws what refuses the bundle. */
async function verify(
  found: FoundBundle,
  artifact: Artifact,
  trusted: Trusted,
): Promise<VerifiedBundle> {
  // A bundle may be 16 MiB: each step of it takes its time, and timers and sockets get theirs in between.
  await setImmediate();
  // 1 to 4: the bundle.
  const parsed = parseBundle(found, artifact);
  await setImmediate();
  // 5 to 16: who has signed, and when.
  const certificate = certificateIn(parsed.bundle);
  const signing = certificate
    ? await signedByCertificate(parsed, certificate, trusted)
    : await signedByKey(found, parsed, trusted);
  await setImmediate();
  // 17 to 19: what was signed.
  return marked(found, parsed, artifact.claimIn(parsed), signing);
}

async function signedByCertificate(
  parsed: ParsedBundle,
  der: Buffer,
  { certificates }: Trusted,
): Promise<Signing> {
  if (!certificates) throw new Refusal('KEY', 'signer', 'the key', 'a certificate');
  const certificate = parseCertificate(der);
  // 6 to 13: timestamps, the chain of the certificate and its SCTs, log entries, and the signature, by one root with the thresholds of that root.
  const bearing = await issuersOf(certificate, certificates, (trust) => runEngine(parsed, trust));
  // 14 to 16: what the certificate is for, that it is what the log has seen, and whom it names.
  checkUsage(certificate);
  checkRecordedKeys(parsed.bundle, der, 'the certificate of the bundle');
  return { signer: signerNamedBy(certificate), bearing };
}

/** That nobody has witnessed it is a fact about a signature that holds, and for the policy to judge. */
async function signedByKey(
  found: FoundBundle,
  parsed: ParsedBundle,
  { keys, witnesses }: Trusted,
): Promise<Signing> {
  const key = keyThatSigned(parsed, keys);
  const signer = { key: key.fingerprint, from: key.from };
  try {
    return { signer, bearing: await witnessesOf(parsed, key, witnesses) };
  } catch (error) {
    return { signer, unwitnessed: rejectionIn(found, error) };
  }
}

function marked(
  { source, place }: FoundBundle,
  { bundle }: ParsedBundle,
  statement: Claimed,
  signing: Signing,
): VerifiedBundle {
  const facts = { found: { source, place }, statement };
  const evidence: Unmarked<WitnessedBundle> | Unmarked<UnwitnessedBundle> =
    'unwitnessed' in signing
      ? { ...facts, ...signing, times: [], logEntries: [] }
      : {
          ...facts,
          signer: signing.signer,
          roots: mapEach(signing.bearing, ({ roots }) => roots),
          times: timesOf(bundle),
          logEntries: logEntriesOf(bundle, signing.bearing[0]),
        };
  return evidence as VerifiedBundle;
}
