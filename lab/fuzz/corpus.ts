// Valid bundles of every kind, each with the verifier that accepts it: the vectors that verify.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundBundle } from '../../src/model/found.ts';
import type { Digest } from '../../src/model/digest.ts';
import type { Conclude } from '../../src/sigstore/verify/verifier.ts';
import { type Index, openVector } from '../vectors/vector.ts';

export interface Sample {
  readonly found: FoundBundle;
  readonly digest: Digest;
  readonly verify: Conclude;
}

const FOLDER = join(import.meta.dirname, '../vectors/data');

export async function readCorpus(): Promise<readonly Sample[]> {
  const { vectors } = JSON.parse(await readFile(join(FOLDER, 'index.json'), 'utf8')) as Index;
  const good = vectors.filter(({ expect }) => expect === 'verified');
  return Promise.all(
    good.map(async (vector) => ({ ...(await openVector(vector, FOLDER)), digest: vector.digest })),
  );
}
