// Countersign: its verifier for bundles about images, its client of sigstore-conformance for all others.
import { readFile } from 'node:fs/promises';

import { createTransport } from '../../../src/http/transport.ts';
import { loadKeys } from '../../../src/keys/load.ts';
import { exactly } from '../../../src/model/matcher.ts';
import { findingsFor } from '../../../src/policy/rules.ts';
import type { TrustedKeys } from '../../../src/sigstore/verify/by-key.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { verifyBundle } from '../../conformance/verify-bundle.ts';
import { type Judge, type Opinion, opinionOf } from '../judge.ts';
import type { Image, Question } from '../question.ts';

export const countersign: Judge = {
  name: 'Countersign',
  cannot: () => undefined,
  async judge(questions) {
    const opinions: Opinion[] = [];
    for (const question of questions) {
      const { image } = question;
      // A key or a trusted root that cannot be used is a refusal, too.
      const refusal = await (
        image ? judgeAboutImage(question, image) : judgeAsClient(question)
      ).catch(String);
      opinions.push(opinionOf(refusal === undefined, refusal ?? 'verified'));
    }
    return opinions;
  },
};

async function judgeAsClient({
  bundle,
  signer,
  trustedRoot,
  artifact,
}: Question): Promise<string | undefined> {
  const by =
    signer.kind === 'key'
      ? ['--key', signer.path]
      : ['--certificate-identity', signer.identity, '--certificate-oidc-issuer', signer.issuer];
  const verdict = await verifyBundle([
    'verify-bundle',
    '--bundle',
    bundle,
    ...by,
    '--trusted-root',
    trustedRoot,
    'path' in artifact ? artifact.path : artifact.digest,
  ]);
  return verdict === 'verified' ? undefined : verdict.refused;
}

async function judgeAboutImage(
  question: Question,
  { digest, layer }: Image,
): Promise<string | undefined> {
  const keys = await keysOf(question);
  const verify = conclusive(
    createVerifier(await trustFromFile(question.trustedRoot, keys && 'with keys'), keys),
  );
  const found = {
    source: 'registry',
    place: question.name,
    json: await readFile(question.bundle),
    ...(layer && { layer }),
  } as const;
  const checked = await verify(found, digest);
  if ('rejected' in checked) {
    const { code, finding } = checked.rejected;
    return `${code}: ${finding.rule}: expected ${finding.expected}, found ${finding.found}`;
  }
  const { signer } = question;
  if (signer.kind === 'key') return undefined;
  const rules = [{ name: 'certificate-identity', matcher: exactly(signer.identity) }] as const;
  const identities = [{ issuer: exactly(signer.issuer), rules }] as const;
  const [finding] = findingsFor(checked.verified.signer, {
    signer: { kind: 'identity', identities, circumstances: [] },
  });
  return finding && `${finding.rule}: expected ${finding.expected}, found ${finding.found}`;
}

async function keysOf({ signer, unwitnessed }: Question): Promise<TrustedKeys | undefined> {
  if (signer.kind !== 'key') return undefined;
  const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });
  return {
    keys: await loadKeys([{ kind: 'file', path: signer.path }], transport),
    witness: unwitnessed ? 'insecure-ignored' : 'required',
  };
}
