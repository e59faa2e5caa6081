// Writes the vectors beside the ones that are there, judges each of them as it lies there, and only then puts them in their place.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Draft } from './draft.ts';
import { complaintAbout } from './vector.ts';
import type { Vector } from './vector.ts';

/** Throws, with everything that is not as expected, and leaves the vectors that were there. */
export async function publish(drafts: readonly Draft[], folder: string): Promise<void> {
  const temporary = await mkdtemp(`${folder}-`);
  try {
    const vectors = await write(drafts, temporary);
    const complaints: string[] = [];
    for (const vector of vectors) {
      const complaint = await complaintAbout(vector, temporary);
      if (complaint !== undefined) complaints.push(`${vector.name}: ${complaint}`);
    }
    if (complaints.length > 0) throw new Error(`${complaints.length} of ${vectors.length} vectors are not as expected:\n${complaints.join('\n')}`);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What several vectors share is written once, and named after the first of them. */
async function write(drafts: readonly Draft[], folder: string): Promise<readonly Vector[]> {
  const written = new Map<string, string>();
  const put = async (path: string, content: Buffer | string): Promise<string> => {
    const bytes = Buffer.from(content).toString('latin1');
    const there = written.get(bytes);
    if (there !== undefined) return there;
    written.set(bytes, path);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
    return path;
  };
  const vectors: Vector[] = [];
  for (const { name, about, bundle, trustedRoot, digest, layer, keys, witness, grown, expect, signer } of drafts) {
    vectors.push({
      name, about,
      bundle: await put(`bundles/${name}.json`, bundle),
      trustedRoot: await put(vectors.length === 0 ? 'trusted_root.json' : `roots/${name}.json`, typeof trustedRoot === 'string' ? trustedRoot : `${JSON.stringify(trustedRoot)}\n`),
      digest,
      ...(layer && { layer: await put(`layers/${name}.json`, layer) }),
      ...(keys !== undefined && { keys: await put(`keys/${name}.pem`, keys) }),
      ...(witness && { witness }),
      ...(grown !== undefined && { grown }),
      expect,
      ...(signer && { signer }),
    });
  }
  // One a line
  await put('index.json', `{ "vectors": [\n${vectors.map((vector) => JSON.stringify(vector)).join(',\n')}\n] }\n`);
  return vectors;
}
