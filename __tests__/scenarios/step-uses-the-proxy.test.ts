// A proxy is used as in curl: not for addresses and networks in NO_PROXY; and a step reports if this Node cannot use it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { startProxy } from '../../lab/services/proxy.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
await signAndAttach(world, image);
const proxy = await startProxy(() => undefined);
const V6 = '[::1]:5000';
const toV6 = await startProxy((host) => (host === V6 ? world.registry.host : undefined));
const old = join(await mkdtemp(join(tmpdir(), 'old-node-')), 'old.mjs');
await writeFile(
  old,
  "Object.defineProperty(process, 'allowedNodeEnvironmentFlags', { value: new Set() });",
);
const inputs = { mode: 'verify', images: image.reference, 'retry-timeout': '0s' };

afterAll(async () => {
  await Promise.all([world.stop(), proxy.stop(), toV6.stop()]);
});

describe.each(entries)('step run from %s', (entry) => {
  test.each([
    ['10.0.0.0/8, 127.0.0.0/8', true],
    ['127.0.0.1/32', true],
    ['127.0.0.1', true],
    ['.0.0.1', true],
    ['127.0.0.1:*', false],
    ['10.0.0.0/8,128.0.0.0/1', false],
    ['127.0.0.0/99', false],
    ['fd00::/8', false],
    ['', false],
  ])('NO_PROXY=%j excludes 127.0.0.1 from the proxy: %s', async (direct, isDirect) => {
    const { outputs } = await world.run(entry, inputs, {
      env: { ...proxy.env, NO_PROXY: direct },
    });
    expect(outputs['verdict']).toBe(isDirect ? 'accepted' : 'inconclusive');
    expect(proxy.asked().length === 0).toBe(isDirect);
  });

  test('signs and verifies an image at an IPv6 address', async () => {
    const { repository, digest } = await world.push('acme/app', { content: entry });
    const at = { images: `${V6}/${repository}@${digest}`, 'retry-timeout': '0s' };
    const changes = { env: { ...toV6.env, NO_PROXY: '127.0.0.1' } };
    const signed = await world.run(entry, { mode: 'sign', ...at }, changes);
    expect(signed).toMatchObject({ exit: 0, outputs: { signed: 'true', image: at.images } });
    const verified = await world.run(entry, { mode: 'verify', ...at }, changes);
    expect(verified).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    expect(toV6.asked()).toEqual([V6]);
  });

  test.each([
    ['::1', true],
    ['[::1]', true],
    ['::1/128', true],
    ['fd00::/8', false],
    ['::2', false],
  ])('NO_PROXY=%j excludes [::1] from the proxy: %s', async (direct, isDirect) => {
    const images = `${V6}/acme/app@${image.digest}`;
    await world.run(
      entry,
      { ...inputs, images },
      {
        env: { ...toV6.env, NO_PROXY: `127.0.0.1,${direct}` },
      },
    );
    expect(toV6.asked()).toEqual(isDirect ? [] : [V6]);
  });

  test('warns if this Node cannot use the proxy', async () => {
    const env = { ...proxy.env, NODE_OPTIONS: `--import ${old}` };
    const { outputs, annotations } = await world.run(entry, inputs, { env });
    expect(outputs['verdict']).toBe('accepted');
    expect(annotations[0]).toMatchObject({
      message: expect.stringMatching(
        /^HTTPS_PROXY is set, but Node v\d+\S+ cannot use it for this action: requests are sent directly\. Update the runner/,
      ),
    });
    expect(proxy.asked()).toEqual([]);
  });
});
