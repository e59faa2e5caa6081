// verify-bundle: the product's verifier over any artifact, where the product itself asks only about images.
import { readFile } from 'node:fs/promises';
import { ActionError } from '../../src/errors.ts';
import { loadKeys } from '../../src/keys/load.ts';
import type { HasSigned } from '../../src/keys/signature.ts';
import type { FoundBundle } from '../../src/model/bundle.ts';
import { hexOf } from '../../src/model/digest.ts';
import { exactly } from '../../src/model/matcher.ts';
import { findingsFor } from '../../src/policy/rules.ts';
import { verifyByCertificate } from '../../src/sigstore/verify/by-certificate.ts';
import { verifyByKey } from '../../src/sigstore/verify/by-key.ts';
import { parseBundle, type ParsedBundle } from '../../src/sigstore/verify/parse-bundle.ts';
import { Refusal, rejectionOf } from '../../src/sigstore/refusal.ts';
import { statementOf } from '../../src/sigstore/verify/signed-statement.ts';
import { type ExpectedSigner, parseArguments } from './arguments.ts';
import { type Artifact, isSubject, readArtifact } from './artifact.ts';
import { overDigest } from './over-digest.ts';
import { transport, trustFor } from './trust.ts';

export type Verdict = 'verified' | { readonly refused: string };

/** Throws what makes the signer unacceptable; without the data a signature is held against its digest. */
type CheckSigner = (
  parsed: ParsedBundle,
  found: FoundBundle,
  isSignedBy?: HasSigned,
) => Promise<void>;

/** The verdict over a bundle; throws when the arguments, or a file that they name, cannot be used. */
export async function verifyBundle(args: readonly string[]): Promise<Verdict> {
  const { bundle, signer, trustedRoot, artifact: named } = parseArguments(args);
  const artifact = await readArtifact(named);
  const found: FoundBundle = { source: 'this step', place: bundle, json: await readFile(bundle) };
  const checkSigner = await signerCheck(signer, trustedRoot);
  try {
    await verify(found, artifact, checkSigner);
    return 'verified';
  } catch (error) {
    if (error instanceof ActionError) throw error;
    const { code, finding } = rejectionOf(found, error);
    return {
      refused: `${code}: ${finding.rule}: expected ${finding.expected}, found ${finding.found}`,
    };
  }
}

async function signerCheck(
  expected: ExpectedSigner,
  trustedRoot: string | undefined,
): Promise<CheckSigner> {
  const trusted = await trustFor(
    trustedRoot,
    expected.kind === 'key' ? 'with keys' : 'with certificates',
  );
  if (expected.kind === 'key') {
    const keys = await loadKeys([{ kind: 'file', path: expected.path }], transport);
    return async (parsed, found, isSignedBy) => {
      await verifyByKey(parsed, found, { keys, witness: 'required' }, trusted, isSignedBy);
    };
  }
  const rules = [{ name: 'certificate-identity', matcher: exactly(expected.identity) }] as const;
  const required = {
    kind: 'identity',
    identities: [{ issuer: exactly(expected.issuer), rules }],
    circumstances: [],
  } as const;
  return async (parsed, found, isSignedBy) => {
    const { signer } = await verifyByCertificate(parsed, found, trusted, isSignedBy);
    const [finding] = findingsFor(signer, { signer: required });
    if (finding)
      throw new Refusal('CERTIFICATE_IDENTITY', finding.rule, finding.expected, finding.found);
  };
}

async function verify(
  found: FoundBundle,
  { digest, bytes }: Artifact,
  checkSigner: CheckSigner,
): Promise<void> {
  // A message signature is over the artifact; an envelope only speaks of it.
  const overArtifact: FoundBundle = { ...found, layer: bytes ?? Buffer.alloc(0) };
  const parsed = parseBundle(overArtifact);
  const { content } = parsed.bundle;
  if (content.$case === 'messageSignature') {
    if (bytes) return checkSigner(parsed, overArtifact);
    const signed = content.messageSignature.messageDigest.digest.toString('hex');
    if (signed !== hexOf(digest)) throw new Refusal('SUBJECT', 'message digest', digest, signed);
    return checkSigner(parsed, overArtifact, overDigest(digest));
  }
  await checkSigner(parsed, found);
  const statement = statementOf(parsed);
  if (!isSubject({ digest, bytes }, statement))
    throw new Refusal('SUBJECT', 'subject', digest, JSON.stringify(statement.subject[0].digest));
}
