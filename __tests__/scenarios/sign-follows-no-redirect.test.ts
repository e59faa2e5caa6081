// A service that receives a token or a signature cannot redirect it: the step ends, and the target gets no request.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { serve } from '../../lab/services/loopback.ts';
import type { Fault } from '../../lab/services/start.ts';
import { entries, type Services, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
const other = await serve(() => ({ status: 404 }));

beforeEach(() => world.forget());
afterAll(() => world.stop());

const redirecting: readonly (readonly [
  string,
  keyof Services,
  Omit<Fault, 'action'>,
  'rekor1' | 'rekor2',
  RegExp,
])[] = [
  [
    'the token service',
    'oidc',
    { path: '^/token' },
    'rekor2',
    /^Cannot get an identity token: the runner's token service /,
  ],
  [
    'Fulcio',
    'sigstore',
    { server: 'fulcio', path: '' },
    'rekor2',
    /^Cannot get a signing certificate: POST /,
  ],
  [
    'Rekor v1',
    'sigstore',
    { server: 'rekor-v1', path: '' },
    'rekor1',
    /^Cannot log the signature: POST /,
  ],
  [
    'Rekor v2',
    'sigstore',
    { server: 'rekor-v2', path: '' },
    'rekor2',
    /^Cannot log the signature: POST /,
  ],
  [
    'the timestamp authority',
    'sigstore',
    { server: 'tsa', path: '' },
    'rekor2',
    /^Cannot get a timestamp: POST /,
  ],
  [
    'GitHub',
    'github',
    { method: 'POST', path: '' },
    'rekor2',
    /^Cannot record the attestation in "acme\/app": GitHub /,
  ],
];

describe.each(entries)('signing step run from %s', (entry) => {
  test.each(redirecting)(
    'fails on a redirect of %s',
    async (_, service, fault, config, message) => {
      // Another origin on this machine, over plain http, which the transport would otherwise allow.
      const location = `http://localhost:${other.url.port}/elsewhere?sig=SECRET-DETAIL`;
      await world[service].fault({ ...fault, action: { status: 307, headers: { location } } });
      const { exit, outputs, annotations, stdout } = await world.run(entry, {
        mode: 'sign',
        images: image.reference,
        stores: 'github',
        'retry-timeout': '0s',
        sigstore: world.trust.signingConfigs[config],
      });
      expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 1, signed: 'false' });
      expect(annotations).toHaveLength(1);
      expect(annotations[0]?.message).toMatch(message);
      expect(annotations[0]?.message).toContain(
        `answered 307, a redirect to http://localhost:${other.url.port}, which is not followed\nTo fix: `,
      );
      expect(stdout).not.toContain('SECRET-DETAIL');
      expect(other.asked).toEqual([]);
      const asked = (await world[service].requests()).filter(({ status }) => status === 307);
      expect(asked).toHaveLength(1);
    },
  );
});
