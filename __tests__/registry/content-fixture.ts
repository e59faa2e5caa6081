// A registry with one image, and registries that give prepared answers.
import { afterAll, beforeEach } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { type Answer, serveInOrder } from '../../lab/services/loopback.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect } from './connect.ts';

export const registry = await startRegistry();
export const image = await pushImage(registry, 'acme/app', { tag: 'v1' });
export const digest = image.digest as Digest;
export const client = connect(registry.host, 'acme/app');

beforeEach(async () => {
  await Promise.all([registry.set(defaultSettings), registry.clear(), registry.mend()]);
});
afterAll(() => registry.stop());

export const answering = async (...answers: readonly Answer[]): Promise<typeof client> =>
  connect((await serveInOrder(...answers)).url.host, 'acme/app');
