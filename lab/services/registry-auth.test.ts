// Access to the embedded registry.
import { expect, test } from '@jest/globals';

import { pushImage } from './image.ts';
import { defaultSettings } from './registry/settings.ts';
import {
  at,
  basic,
  code,
  credentials,
  manifestAt,
  registry,
  repository,
} from './registry-fixture.ts';

const token = async (query: string, authorization?: string): Promise<Response> =>
  fetch(
    `${registry.url}/token?${query}`,
    authorization === undefined ? {} : { headers: { Authorization: authorization } },
  );
const bearer = async (scope: string, authorization?: string): Promise<string> =>
  `Bearer ${((await (await token(`scope=${scope}`, authorization)).json()) as { token: string }).token}`;

test('accepts a password with Basic authentication', async () => {
  await registry.set({ auth: 'basic' });
  const response = await manifestAt('v1');
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="Registry"',
  ]);
  expect((await pushImage({ ...registry, ...credentials }, repository)).digest).toMatch(/^sha256:/);
  await expect(
    pushImage({ ...registry, ...credentials, password: 'wrong' }, repository),
  ).rejects.toThrow('401');
});

test('sends a Bearer challenge with realm and scope and accepts a token with that scope', async () => {
  await registry.set({ auth: 'bearer' });
  await pushImage({ ...registry, ...credentials }, repository, { tag: 'v1' });
  const challenge = (await manifestAt('v1')).headers.get('www-authenticate');
  expect(challenge).toBe(
    `Bearer realm="${registry.url}/token",service="embedded-registry",scope="repository:${repository}:pull"`,
  );
  const pull = await bearer(`repository:${repository}:pull`, basic);
  expect((await manifestAt('v1', { headers: { Authorization: pull } })).status).toBe(200);
  const upload = await at('blobs/uploads/', { method: 'POST', headers: { Authorization: pull } });
  expect([upload.status, upload.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('error="insufficient_scope"'),
  ]);
  expect(
    (
      await fetch(`${registry.url}/v2/acme/other/manifests/v1`, {
        headers: { Authorization: pull },
      })
    ).status,
  ).toBe(401);
});

test('expires tokens, rejects wrong passwords and lets anonymous clients only pull', async () => {
  await registry.set({ auth: 'bearer', tokenSeconds: 0 });
  const scope = `repository:${repository}:pull,push`;
  const expired = await manifestAt('v1', {
    headers: { Authorization: await bearer(scope, basic) },
  });
  expect(expired.headers.get('www-authenticate')).toContain('invalid_token');
  expect((await token(`scope=${scope}`)).status).toBe(401);
  await registry.set({ anonymousPull: true, tokenSeconds: 60 });
  expect((await token(`scope=${scope}`, 'Basic eDp5')).status).toBe(401);
  const anonymous = await bearer(scope);
  expect((await manifestAt('v1', { headers: { Authorization: anonymous } })).status).toBe(404);
  expect(
    (await at('blobs/uploads/', { method: 'POST', headers: { Authorization: anonymous } })).status,
  ).toBe(401);
});

test('exchanges a refresh token and can deny pushes', async () => {
  await registry.set({ auth: 'bearer', push: 'denied' });
  const scope = `repository:${repository}:pull,push`;
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: defaultSettings.identityToken,
    scope,
  });
  const granted = (await (
    await fetch(`${registry.url}/token`, { method: 'POST', body })
  ).json()) as { access_token: string };
  const response = await at('blobs/uploads/', {
    method: 'POST',
    headers: { Authorization: `Bearer ${granted.access_token}` },
  });
  expect(await code(response)).toBe('403 DENIED');
});
