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

async function write(drafts: readonly Draft[], folder: string): Promise<readonly Vector[]> {
  const roots = new Map<string, string>();
  const put = async (path: string, content: Buffer | string): Promise<string> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
    return path;
  };
  const putRoot = async (root: object | string, name: string): Promise<string> => {
    const text = typeof root === 'string' ? root : `${JSON.stringify(root, undefined, 1)}\n`;
    const path = roots.get(text) ?? (await put(roots.size === 0 ? 'trusted_root.json' : `roots/${name}.json`, text));
    roots.set(text, path);
    return path;
  };
  const vectors: Vector[] = [];
  for (const { name, about, bundle, trustedRoot, digest, layer, keys, witness, grown, expect, signer } of drafts) {
    vectors.push({
      name, about,
      bundle: await put(`bundles/${name}.json`, bundle),
      trustedRoot: await putRoot(trustedRoot, name),
      digest,
      ...(layer && { layer: await put(`layers/${name}.json`, layer) }),
      ...(keys !== undefined && { keys: await put(`keys/${name}.pem`, keys) }),
      ...(witness && { witness }),
      ...(grown !== undefined && { grown }),
      expect,
      ...(signer && { signer }),
    });
  }
  await put('index.json', `${JSON.stringify({ vectors }, undefined, 2)}\n`);
  return vectors;
}
