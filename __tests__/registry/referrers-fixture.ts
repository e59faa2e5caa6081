// A registry with one image for each test, whose referrers are listed.
import { afterAll, beforeEach } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import type { Referrers } from '../../src/registry/referrers.ts';
import { MANIFEST, pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect } from './connect.ts';
import { listReferrers } from './list-referrers.ts';

export const registry = await startRegistry();
export let repository = '';
export let subject: Digest;
export let count = 0;

beforeEach(async () => {
  await Promise.all([
    registry.set({ ...defaultSettings, references: 'unchecked' }),
    registry.mend(),
  ]);
  repository = `acme/app-${String((count += 1))}`;
  subject = (await pushImage(registry, repository)).digest as Digest;
  await registry.clear();
});
afterAll(() => registry.stop());

export const entry = (digit: string, rest: object = {}): object => ({
  mediaType: MANIFEST,
  digest: `sha256:${digit.repeat(64)}`,
  size: 7,
  ...rest,
});

export const list = (): Promise<Referrers> =>
  listReferrers(connect(registry.host, repository), subject);
export const listed = async (): Promise<readonly string[]> =>
  (await list()).referrers.map(({ digest }) => digest);
