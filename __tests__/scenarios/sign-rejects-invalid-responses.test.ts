// An HTML page as a response ends the step and names the service; its content is neither used nor repeated.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { manifestsWritten } from './seen.ts';
import { entries, type Services, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
const page = {
  status: 200,
  headers: { 'Content-Type': 'text/html' },
  body: '<!doctype html><title>SECRET-DETAIL</title>',
};

beforeEach(() => world.forget());
afterAll(() => world.stop());

const services: readonly (readonly [keyof Services, string, 'rekor1' | 'rekor2', RegExp])[] = [
  ['oidc', 'oidc', 'rekor2', /^Cannot get an identity token: .* answered 200 without a token/],
  [
    'sigstore',
    'fulcio',
    'rekor2',
    /^Cannot get a signing certificate: POST 127.0.0.1:\d+\/api\/v2\/signingCert answered 200 without a certificate chain/,
  ],
  [
    'sigstore',
    'tsa',
    'rekor2',
    /^Cannot get a timestamp: POST 127.0.0.1:\d+\/api\/v1\/timestamp answered 200 without a timestamp of the signature/,
  ],
  [
    'sigstore',
    'rekor-v1',
    'rekor1',
    /^Cannot log the signature: POST 127.0.0.1:\d+\/api\/v1\/log\/entries answered 200 without a log entry/,
  ],
  [
    'sigstore',
    'rekor-v2',
    'rekor2',
    /^Cannot log the signature: POST 127.0.0.1:\d+\/api\/v2\/log\/entries answered 200 without a log entry/,
  ],
];

describe.each(entries)('signing step run from %s', (entry) => {
  test.each(services)(
    'rejects a web page as response of %s: %s',
    async (service, server, config, message) => {
      await world[service].fault({ server, path: '^/(token|api)', action: page });
      const { exit, outputs, annotations, stdout } = await world.run(entry, {
        mode: 'sign',
        'if-signed': 'sign',
        images: image.reference,
        sigstore: world.trust.signingConfigs[config],
      });
      expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
      expect(annotations).toHaveLength(1);
      expect(annotations[0]?.message).toMatch(message);
      expect(stdout).not.toContain('SECRET-DETAIL');
      expect(await manifestsWritten(world.registry)).toEqual([]);
    },
  );

  test('waits for a rate limit that is reported as 403', async () => {
    for (const server of ['fulcio', 'tsa', 'rekor-v1']) {
      await world.sigstore.fault({
        server,
        path: '',
        times: 1,
        action: { status: 403, headers: { 'Retry-After': '0' } },
      });
    }
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      sigstore: world.trust.signingConfigs.rekor1,
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
  });
});
