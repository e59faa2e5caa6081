// verify-bundle: the product's verifier and policy for any artifact, while the product itself verifies only images.
import { readFile } from 'node:fs/promises';
import type { FoundBundle } from '../../src/model/found.ts';
import { rootsAt } from '../../src/model/policy.ts';
import { conclusive, createVerifier } from '../../src/sigstore/verify/verifier.ts';
import { parseArguments } from './arguments.ts';
import { fileOf, readArtifact } from './artifact.ts';
import { expectedOf, refusalIn } from './expected.ts';

export type Verdict = 'verified' | { readonly refused: string };

/** The verdict for a bundle; throws if the arguments, or a file that they name, cannot be used. */
export async function verifyBundle(args: readonly string[]): Promise<Verdict> {
  const { bundle, signer, trustedRoot, artifact: named } = parseArguments(args);
  const artifact = await readArtifact(named);
  const found: FoundBundle = { source: 'this step', place: bundle, json: await readFile(bundle) };
  const { authority, trusted } = await expectedOf(signer, rootsAt(trustedRoot));
  const verify = conclusive(createVerifier(trusted, () => fileOf(artifact)));
  const refused = refusalIn(await verify(found, artifact.digest), authority);
  return refused === undefined ? 'verified' : { refused };
}
