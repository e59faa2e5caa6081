// Writes new vectors to a temporary folder, verifies each of them there, and only then replaces the existing ones.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Draft } from './draft.ts';
import { complaintAbout, type Vector } from './vector.ts';

/** Throws everything that is not as expected, and leaves the existing vectors. */
export async function publish(drafts: readonly Draft[], folder: string): Promise<void> {
  const temporary = await mkdtemp(`${folder}-`);
  const [made, old] = [join(temporary, 'new'), join(temporary, 'old')];
  try {
    const vectors = await write(drafts, made);
    const complaints: string[] = [];
    for (const vector of vectors) {
      const complaint = await complaintAbout(vector, made);
      if (complaint !== undefined) complaints.push(`${vector.name}: ${complaint}`);
    }
    if (complaints.length > 0)
      throw new Error(
        `${complaints.length} of ${vectors.length} vectors are not as expected:\n${complaints.join('\n')}`,
      );
    if (existsSync(folder)) await rename(folder, old);
    await rename(made, folder);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** A file that several vectors share is written once, and named after the first of them. */
async function write(drafts: readonly Draft[], folder: string): Promise<readonly Vector[]> {
  const written = new Map<string, string>();
  const put = async (kind: string, path: string, content: Buffer | string): Promise<string> => {
    const known = `${kind} ${Buffer.from(content).toString('latin1')}`;
    const there = written.get(known);
    if (there !== undefined) return there;
    written.set(known, path);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
    return path;
  };
  const vectors: Vector[] = [];
  for (const {
    name,
    about,
    bundle,
    trustedRoot,
    digest,
    layer,
    keys,
    witness,
    grown,
    expect,
    signer,
  } of drafts) {
    vectors.push({
      name,
      about,
      bundle: await put('bundle', `bundles/${name}.json`, bundle),
      trustedRoot: await put(
        'root',
        vectors.length === 0 ? 'trusted_root.json' : `roots/${name}.json`,
        typeof trustedRoot === 'string' ? trustedRoot : `${JSON.stringify(trustedRoot)}\n`,
      ),
      digest,
      ...(layer && { layer: await put('layer', `layers/${name}.json`, layer) }),
      ...(keys !== undefined && { keys: await put('keys', `keys/${name}.pem`, keys) }),
      ...(witness && { witness }),
      ...(grown !== undefined && { grown }),
      expect,
      ...(signer && { signer }),
    });
  }
  // One per line
  await put(
    'index',
    'index.json',
    `{ "vectors": [\n${vectors.map((vector) => JSON.stringify(vector)).join(',\n')}\n] }\n`,
  );
  return vectors;
}
