// A registry that requires a Bearer token, with one image.
import { afterAll, beforeEach } from '@jest/globals';

import type { RegistryClient } from '../../src/registry/client.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect, type Connection } from './connect.ts';

export const registry = await startRegistry({ auth: 'bearer' });
const login = { username: defaultSettings.username, password: defaultSettings.password };
await pushImage({ ...registry, ...login }, 'acme/app', { tag: 'v1' });

beforeEach(async () => {
  await registry.set({ ...defaultSettings, auth: 'bearer' });
  await registry.clear();
});
afterAll(() => registry.stop());

export const client = (connection: Connection): RegistryClient =>
  connect(registry.host, 'acme/app', connection);

export const seen = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(
    ({ method, path, status }) => `${method} ${decodeURIComponent(path)} ${String(status)}`,
  );
