// The embedded registry with its default settings, and a new repository for each test.
import { afterAll, beforeEach } from '@jest/globals';

import { defaultSettings } from './registry/settings.ts';
import { startRegistry } from './start.ts';

export const registry = await startRegistry();
/** Of the current test. */
export let repository = '';
let count = 0;

beforeEach(async () => {
  await registry.set(defaultSettings);
  repository = `acme/app-${String((count += 1))}`;
});
afterAll(() => registry.stop());

export const credentials = {
  username: defaultSettings.username,
  password: defaultSettings.password,
};
export const basic = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;

export const at = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${registry.url}/v2/${repository}/${path}`, init);
export const manifestAt = (reference: string, init?: RequestInit): Promise<Response> =>
  at(`manifests/${reference}`, init);

/** The status and the code of an error response. */
export async function code(response: Response): Promise<string> {
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return `${String(response.status)} ${errors[0]?.code ?? ''}`;
}
