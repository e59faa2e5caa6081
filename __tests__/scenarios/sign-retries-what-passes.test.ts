// A fault that passes is retried until it has passed; one that stays ends the step and names the service.
import { afterAll, describe, expect, test } from '@jest/globals';

import type { Fault } from '../services/start.ts';
import { manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';
import type { Services } from './world.ts';

const world = await startWorld();
const unavailable = { status: 503, body: 'SECRET-DETAIL' };

afterAll(() => world.stop());

describe.each(entries)('from %s', (entry) => {
  test('signs although every service fails once', async () => {
    const image = await world.push('acme/app', { content: `${entry} once` });
    await world.forget();
    const once: readonly (readonly [keyof Services, Omit<Fault, 'action'>])[] = [
      ['oidc', { path: '^/token' }],
      ['sigstore', { server: 'fulcio', path: 'signingCert' }],
      ['sigstore', { server: 'rekor-v2', path: 'entries' }],
      ['sigstore', { server: 'tsa', path: 'timestamp' }],
      ['registry', { method: 'GET', path: 'manifests/' }],
      ['registry', { method: 'PUT', path: 'manifests/' }],
      ['github', { method: 'POST', path: 'attestations' }],
    ];
    for (const [service, fault] of once)
      await world[service].fault({ ...fault, times: 1, action: unavailable });
    const { exit, outputs, log } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'registry, github',
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(log).toMatch(
      /GET 127\.0\.0\.1:\d+\/v2\/acme\/app\/manifests\/sha256:\w+ answered 503, attempt 2 in [\d.]+ s/,
    );
    expect(log).not.toContain('SECRET-DETAIL');
  });

  test.each([
    [
      'Fulcio',
      'fulcio',
      'rekor2',
      /^Cannot get a signing certificate: http:\/\/127\.0\.0\.1:\d+ answered 503/,
    ],
    [
      'the timestamp authority',
      'tsa',
      'rekor2',
      /^Cannot get a timestamp: http:\/\/127\.0\.0\.1:\d+\/api\/v1\/timestamp answered 503/,
    ],
    [
      'Rekor v1',
      'rekor-v1',
      'rekor1',
      /^Cannot log the signature: http:\/\/127\.0\.0\.1:\d+ answered 503/,
    ],
    ['Rekor v2', 'rekor-v2', 'rekor2', /^Cannot (?:reach|log).*127\.0\.0\.1:\d+.* answered 503/],
  ] as const)(
    'gives up when %s stays away, and stores nothing',
    async (_name, server, config, message) => {
      const image = await world.push('acme/app', { content: `${entry} ${server}` });
      await world.forget();
      await world.sigstore.fault({ server, path: '', action: unavailable });
      const { exit, outputs, annotations, milliseconds } = await world.run(entry, {
        mode: 'sign',
        images: image.reference,
        'retry-timeout': '0s',
        sigstore: world.trust.signingConfigs[config],
      });
      expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
      expect(annotations).toHaveLength(1);
      expect(annotations[0]?.message).toMatch(message);
      expect(annotations[0]?.message).toMatch(/\nTo fix: run the job again/);
      expect(milliseconds).toBeLessThan(10_000);
      expect(await manifestsWritten(world.registry)).toEqual([]);
    },
  );
});
