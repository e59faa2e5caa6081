// verify-bundle: the product's verifier over any artifact, where the product itself asks only about images.
import { readFile } from 'node:fs/promises';
import { ActionError } from '../src/errors.ts';
import { loadKeys } from '../src/keys/load.ts';
import type { FoundBundle } from '../src/model/bundle.ts';
import { exactly } from '../src/model/matcher.ts';
import { findingsFor } from '../src/policy/rules.ts';
import { verifyByCertificate } from '../src/sigstore/by-certificate.ts';
import { verifyByKey } from '../src/sigstore/by-key.ts';
import { parseBundle, type ParsedBundle } from '../src/sigstore/parse-bundle.ts';
import { Refusal, rejectionOf } from '../src/sigstore/refusal.ts';
import { statementOf } from '../src/sigstore/signed-statement.ts';
import { type ExpectedSigner, parseArguments } from './arguments.ts';
import { type Artifact, isSubject, readArtifact } from './artifact.ts';
import { transport, trustFor } from './trust.ts';

export type Verdict = 'verified' | { readonly refused: string };

/** Throws what makes the signer unacceptable. */
type CheckSigner = (parsed: ParsedBundle, found: FoundBundle) => Promise<void>;

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
    return { refused: `${code}: ${finding.rule}: expected ${finding.expected}, found ${finding.found}` };
  }
}

async function signerCheck(expected: ExpectedSigner, trustedRoot: string | undefined): Promise<CheckSigner> {
  const trusted = await trustFor(trustedRoot);
  if (expected.kind === 'key') {
    const keys = await loadKeys([{ kind: 'file', path: expected.path }], transport);
    return async (parsed, found) => {
      await verifyByKey(parsed, found, { keys, witness: 'required' }, trusted);
    };
  }
  const identity = [{ name: 'certificate-identity', matcher: exactly(expected.identity) }] as const;
  const required = { kind: 'identity', issuer: exactly(expected.issuer), identity } as const;
  return async (parsed, found) => {
    const { signer } = await verifyByCertificate(parsed, found, trusted);
    const [finding] = findingsFor(signer, { signer: required });
    if (finding) throw new Refusal('CERTIFICATE_IDENTITY', finding.rule, finding.expected, finding.found);
  };
}

async function verify(found: FoundBundle, artifact: Artifact, checkSigner: CheckSigner): Promise<void> {
  // A message signature is over the artifact; an envelope only speaks of it.
  const overArtifact: FoundBundle = artifact.bytes ? { ...found, layer: artifact.bytes } : found;
  const parsed = parse(overArtifact);
  if (parsed.bundle.content.$case === 'messageSignature') {
    await checkSigner(parsed, overArtifact);
    return;
  }
  await checkSigner(parsed, found);
  const statement = statementOf(parsed);
  if (!isSubject(artifact, statement)) throw new Refusal('SUBJECT', 'subject', artifact.digest, JSON.stringify(statement.subject[0].digest));
}

function parse(found: FoundBundle): ParsedBundle {
  try {
    return parseBundle(found);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'BUNDLE_UNSUPPORTED') throw error;
    throw new Refusal('BUNDLE_UNSUPPORTED', 'artifact', 'a file', 'a digest; not supported for a message signature');
  }
}
