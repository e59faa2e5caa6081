// A transient fault is retried until it is over; a permanent one ends the step and names the service.
import { afterAll, describe, expect, test } from '@jest/globals';

import type { Fault } from '../../lab/services/start.ts';
import { manifestsWritten } from './seen.ts';
import { entries, type Services, startWorld } from './world.ts';

const world = await startWorld();
const unavailable = { status: 503, body: 'SECRET-DETAIL' };

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test('retries every service that fails once and then signs', async () => {
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

  test('retries every transient fault of the token service and then signs', async () => {
    const image = await world.push('acme/app', { content: `${entry} token` });
    await world.forget();
    const soon = { headers: { 'Retry-After': '0' } };
    for (const action of [
      { truncate: true },
      { reset: true },
      { status: 500, ...soon },
      { status: 408, ...soon },
      { status: 429, ...soon },
    ] as const)
      await world.oidc.fault({ path: '^/token', times: 1, action });
    const { exit, outputs, log } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(
      log.match(/GET 127\.0\.0\.1:\d+\/token (?:answered|failed:) .*, attempt \d in/g),
    ).toHaveLength(5);
  });

  test.each([
    ['Fulcio', 'fulcio', 'rekor2', 'api/v2/signingCert'],
    ['the timestamp authority', 'tsa', 'rekor2', 'api/v1/timestamp'],
    ['Rekor v1', 'rekor-v1', 'rekor1', 'api/v1/log/entries'],
    ['Rekor v2', 'rekor-v2', 'rekor2', 'api/v2/log/entries'],
  ] as const)(
    'fails and stores nothing if %s remains unavailable',
    async (_name, server, config, path) => {
      const image = await world.push('acme/app', { content: `${entry} ${server}` });
      await world.forget();
      await world.sigstore.fault({ server, path: '', action: unavailable });
      const { exit, outputs, annotations } = await world.run(entry, {
        mode: 'sign',
        images: image.reference,
        'retry-timeout': '0s',
        sigstore: world.trust.signingConfigs[config],
      });
      expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
      expect(annotations.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^Cannot reach "127.0.0.1:\\d+": POST 127.0.0.1:\\d+/${path} answered 503 .*\nTo fix: run the job again`,
          ),
        ),
      ]);
      expect(await manifestsWritten(world.registry)).toEqual([]);
    },
  );
});
