// A registry with an index of BuildKit and one image, and trees that are read from it.
import { afterAll, beforeEach } from '@jest/globals';

import { INDEX, MANIFEST, pushImage, putManifest } from '../../lab/services/image.ts';
import { startRegistry } from '../../lab/services/start.ts';
import type { Digest } from '../../src/model/digest.ts';
import { type Leaves, readImageTree } from '../../src/subjects/image-tree.ts';
import { connect } from '../registry/connect.ts';

export const AMD64 = { os: 'linux', architecture: 'amd64' };

export const registry = await startRegistry();
export const client = connect(registry.host, 'acme/app');
export const built = await pushImage(registry, 'acme/app', {
  platforms: ['linux/amd64', 'linux/arm/v7'],
});
export const plain = await pushImage(registry, 'acme/app', { content: 'plain' });

beforeEach(async () => {
  await Promise.all([registry.clear(), registry.mend()]);
});
afterAll(() => registry.stop());

export interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: object;
  readonly annotations?: object;
}

export const PLAIN: Entry = { mediaType: MANIFEST, digest: plain.digest, size: plain.bytes.length };
export const BUILT: Entry = { mediaType: INDEX, digest: built.digest, size: built.bytes.length };

export async function push(manifests: unknown, mediaType = INDEX): Promise<Entry> {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  const digest = await putManifest(registry, 'acme/app', bytes, mediaType);
  return { mediaType, digest, size: bytes.length };
}

export const read = (
  { digest }: Pick<Entry, 'digest'>,
  leaves: Leaves = 'read',
): ReturnType<typeof readImageTree> => readImageTree(client, digest as Digest, leaves);
