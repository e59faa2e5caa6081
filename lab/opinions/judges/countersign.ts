// Countersign: its verifier for bundles about images, its client of sigstore-conformance for all others.
import { readFile } from 'node:fs/promises';

import { rootsAt } from '../../../src/model/policy.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { expectedOf, refusalIn } from '../../conformance/expected.ts';
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
      // A key or a trusted root that cannot be used is a rejection, too.
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
  { name, bundle, signer, trustedRoot, unwitnessed }: Question,
  { digest, layer }: Image,
): Promise<string | undefined> {
  const witness = unwitnessed ? 'insecure-ignored' : 'required';
  const { authority, trusted } = await expectedOf(signer, rootsAt(trustedRoot), witness);
  const found = {
    source: 'registry',
    place: name,
    json: await readFile(bundle),
    ...(layer && { layer }),
  } as const;
  const checked = await conclusive(createVerifier(trusted))(found, digest);
  return refusalIn(checked, authority);
}
