// Our own vectors: bundles about images, each with the root, the signer and the expected result.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ExpectedSigner } from '../../conformance/arguments.ts';
import { type Index, MARK, type Vector } from '../../vectors/vector.ts';
import type { Question } from '../question.ts';
import { contentOf } from '../facts.ts';

const DATA = join(import.meta.dirname, '../../vectors/data');

export async function ownVectors(folder: string): Promise<readonly Question[]> {
  const { vectors } = JSON.parse(await readFile(join(DATA, 'index.json'), 'utf8')) as Index;
  // A rejected vector names no signer; the same workflow signed it.
  const signer = vectors.find((vector) => vector.signer)?.signer;
  if (!signer) throw new Error('no vector names a signer');
  await mkdir(folder);
  return Promise.all(
    vectors.map((vector) =>
      questionOf(vector, { kind: 'identity', identity: signer.san, issuer: signer.issuer }, folder),
    ),
  );
}

async function questionOf(
  vector: Vector,
  usual: ExpectedSigner,
  folder: string,
): Promise<Question> {
  const { name, trustedRoot, digest, layer, witness, expect } = vector;
  const bundle = await bundleOf(vector, folder);
  return {
    name: `own/${name}`,
    collection: 'our own vectors',
    bundle,
    signer: signerOf(vector) ?? usual,
    trustedRoot: join(DATA, trustedRoot),
    artifact:
      layer !== undefined && contentOf({ bundle }) === 'message'
        ? { path: join(DATA, layer) }
        : { digest },
    refusal:
      expect === 'verified'
        ? undefined
        : new RegExp(expect.code === 'INPUT_FILE' ? '"trusted-root"' : `^${expect.code}: `),
    image: { digest, layer: layer === undefined ? undefined : await readFile(join(DATA, layer)) },
    unwitnessed: witness === 'insecure-ignored',
  };
}

function signerOf({ keys, signer }: Vector): ExpectedSigner | undefined {
  if (keys !== undefined) return { kind: 'key', path: join(DATA, keys) };
  return signer && { kind: 'identity', identity: signer.san, issuer: signer.issuer };
}

async function bundleOf({ name, bundle, grown }: Vector, folder: string): Promise<string> {
  const path = join(DATA, bundle);
  if (grown === undefined) return path;
  const large = join(folder, `${name}.json`);
  await writeFile(large, (await readFile(path, 'utf8')).replace(MARK, 'x'.repeat(grown)));
  return large;
}
