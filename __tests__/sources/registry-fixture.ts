// A registry with one image for each test, whose bundles are found.
import { afterAll, beforeEach } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { registrySource } from '../../src/sources/registry.ts';
import { connect } from '../registry/connect.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings, type RegistrySettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { type Collected, collect } from './collect.ts';
import { attach, type Attachment } from '../../lab/services/referrer.ts';

export const settings: RegistrySettings = { ...defaultSettings, references: 'unchecked' };
export const registry = await startRegistry(settings);
export let repository = '';
export let digest: Digest;
export let count = 0;

beforeEach(async () => {
  await Promise.all([registry.set(settings), registry.mend()]);
  repository = `acme/app-${String((count += 1))}`;
  digest = (await pushImage(registry, repository)).digest as Digest;
  await registry.clear();
});
afterAll(() => registry.stop());

export function find(signal = new AbortController().signal): Promise<Collected> {
  const subject = { repository: { registry: registry.host, path: repository }, digest };
  const source = registrySource(() => connect(registry.host, repository), { used: 0 });
  return collect(source.find(subject, signal));
}

export const put = (attachment: Partial<Attachment> = {}): ReturnType<typeof attach> =>
  attach(registry, repository, { subject: digest, content: '{"bundle":1}', ...attachment });
export const texts = ({ found }: Collected): readonly string[] =>
  found.map(({ json }) => json.toString());

export const reads = async (): Promise<number> =>
  (await registry.requests()).filter(({ path }) => path.includes('/manifests/sha256:')).length;
