// A signature by a key with only a timestamp, and a root that names only its timestamp authority.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Question } from '../question.ts';

export async function bundleUnderAKey(vectors: string, folder: string): Promise<Question> {
  const path = join(folder, 'under-a-key');
  await writeFile(path, 'test content');
  return {
    name: 'sigstore-go/public-key-validity.sigstore.json',
    collection: 'vectors of others',
    bundle: join(vectors, 'sigstore-go/public-key-validity.sigstore.json'),
    signer: { kind: 'key', path: join(vectors, 'sigstore-go/public-key-validity.pem') },
    trustedRoot: join(vectors, 'sigstore-go/public-key-validity.json'),
    artifact: { path },
    refusal: undefined,
  };
}
