// The only place that creates a VerifiedBundle: all cryptographic checks of a bundle, and no policy.
import { setImmediate } from 'node:timers/promises';
import { ActionError } from '../../errors.ts';
import type {
  Claimed,
  UnwitnessedBundle,
  VerifiedBundle,
  WitnessedBundle,
} from '../../model/bundle.ts';
import type { FoundBundle } from '../../model/found.ts';
import type { Digest } from '../../model/digest.ts';
import { mapEach, type NonEmpty } from '../../model/non-empty.ts';
import type { Checked, Concluded } from '../../model/verdict.ts';
import type { Rejection } from '../../model/rejection.ts';
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
import { certificateReader, type ReadCertificate } from '../certificate.ts';
import { Refusal, rejectionOf } from '../refusal.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';
import { byCertificates, type Trusted } from './trusted.ts';
import { logEntriesOf, timesOf } from './witnesses.ts';

/**
 * Verifies one bundle for one manifest; a rejection is a value for any content of the bundle, and so is the need for another trusted root.
 * Throws `service` errors if a trusted root cannot be loaded.
 */
export type Verify = (found: FoundBundle, digest: Digest) => Promise<Checked>;

/** A digest names an image, unless `artifactOf` returns something else. */
export function createVerifier(
  trusted: Trusted,
  artifactOf: (digest: Digest) => Artifact = imageOf,
): Verify {
  const means = { ...trusted, readCertificate: certificateReader() };
  return async (found, digest) => {
    const { attested } = found;
    const artifact = attested ? attestedImage(digest, attested) : artifactOf(digest);
    try {
      return { verified: await verify(found, artifact, means) };
    } catch (error) {
      if (!(error instanceof Undecided)) return { rejected: rejectionIn(found, error) };
      return { postponed: () => decide(found, artifact, error, means) };
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

/** Only with the other root: the known ones were tried already. */
async function decide(
  found: FoundBundle,
  artifact: Artifact,
  { load }: Undecided,
  { readCertificate }: Pick<Means, 'readCertificate'>,
): Promise<Concluded> {
  const known = await load();
  const other: TrustStore = {
    issuersOf: () => Promise.resolve({ known }),
    all: () => Promise.resolve(known),
  };
  try {
    return {
      verified: await verify(found, artifact, { ...byCertificates(other), readCertificate }),
    };
  } catch (error) {
    return { rejected: rejectionIn(found, error) };
  }
}

function rejectionIn(found: FoundBundle, error: unknown): Rejection {
  if (error instanceof ActionError) throw error;
  return rejectionOf(found, error);
}

interface Means extends Trusted {
  readonly readCertificate: ReadCertificate;
}

type Signing =
  | (Pick<WitnessedBundle, 'signer'> & { readonly confirming: NonEmpty<Trust> })
  | Pick<UnwitnessedBundle, 'signer' | 'unwitnessed'>;

type Unmarked<Bundle> = Omit<Bundle, keyof VerifiedBundle & symbol>;

/** The steps of the Sigstore client specification, "Verification", in its order; the numbers are those of docs/verification.md. Each throws the reason for a rejection. */
async function verify(
  found: FoundBundle,
  artifact: Artifact,
  means: Means,
): Promise<VerifiedBundle> {
  // A bundle may be 16 MiB, and each step takes time: timers and sockets run in between.
  await setImmediate();
  // 1 to 4: the bundle.
  const parsed = parseBundle(found, artifact.messageOf);
  await setImmediate();
  // 5 to 16: the signer and the time.
  const certificate = certificateIn(parsed.bundle);
  const signing = certificate
    ? await signedByCertificate(parsed, certificate, means)
    : await signedByKey(found, parsed, means);
  await setImmediate();
  // 17 to 19: the signed content.
  return marked(found, parsed, artifact.claimIn(parsed), signing);
}

async function signedByCertificate(
  parsed: ParsedBundle,
  der: Buffer,
  { certificates, readCertificate }: Means,
): Promise<Signing> {
  if (!certificates) throw new Refusal('KEY', 'signer', 'the key', 'a certificate');
  const certificate = readCertificate(der);
  // 6 to 13: timestamps, the chain of the certificate and its SCTs, log entries, and the signature, with one root and its thresholds.
  const confirming = await issuersOf(certificate, certificates, (trust) =>
    runEngine(parsed, trust, certificate),
  );
  // 14 to 16: the purpose of the certificate, its equality with the one in the log, and its subject.
  checkUsage(certificate);
  checkRecordedKeys(parsed.bundle, der, 'the certificate of the bundle');
  return { signer: signerNamedBy(certificate), confirming };
}

/** A missing log entry or timestamp is a fact about a valid signature, for the policy to decide on. */
async function signedByKey(
  found: FoundBundle,
  parsed: ParsedBundle,
  { keys, witnesses }: Trusted,
): Promise<Signing> {
  const key = keyThatSigned(parsed, keys);
  const signer = { key: key.fingerprint, from: key.from };
  try {
    return { signer, confirming: await witnessesOf(parsed, key, witnesses) };
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
          roots: mapEach(signing.confirming, ({ roots }) => roots),
          times: timesOf(bundle),
          logEntries: logEntriesOf(bundle, signing.confirming[0]),
        };
  return evidence as VerifiedBundle;
}
