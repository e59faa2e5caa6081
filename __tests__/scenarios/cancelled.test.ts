// A cancelled step reports its progress, and a step with one failed signature keeps the others.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { until } from '../../lab/services/until.ts';
import { signAndAttach } from './attach.ts';
import { referrersOf } from './copies.ts';
import { asked } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();

beforeEach(() => world.forget());
afterAll(() => world.stop());

type Service = 'oidc' | 'sigstore' | 'registry';

/** Resolves with the signal, the first or the second of the runner, when the service gets this request. */
async function whenAsked(
  service: Service,
  request: RegExp,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<NodeJS.Signals> {
  await until(async () => (await asked(world[service])).some((each) => request.test(each)));
  return signal;
}

const NOTHING =
  /^Cannot finish signing: the step was cancelled before anything was signed\nTo fix: run the job again$/;
const LOGGED =
  /^Cannot finish signing: the step was cancelled when a certificate or signatures may have been logged\nTo fix: run the job again/;
const KEPT =
  /^Cannot finish signing: .* may have been logged, kept in \S+countersign-\w+\nTo fix: run the job again: what is stored is not signed again/;

describe.each(entries)('step run from %s', (entry) => {
  test.each<[string, Service, 'GET' | 'POST' | 'PUT', string, RegExp, 'SIGINT' | 'SIGTERM']>([
    ['before anything is signed', 'oidc', 'GET', '/token', NOTHING, 'SIGTERM'],
    ['while it gets its certificate', 'sigstore', 'POST', '/signingCert', LOGGED, 'SIGTERM'],
    ['while it logs a signature', 'sigstore', 'POST', '/log/entries', LOGGED, 'SIGINT'],
    ['while it stores a bundle', 'registry', 'PUT', '/manifests/sha256:', KEPT, 'SIGTERM'],
  ])(
    'a step that is cancelled %s reports its progress',
    async (name, service, method, path, said, signal) => {
      const { reference } = await world.push('acme/app', { content: `${entry} ${name}` });
      await world.forget();
      await world[service].fault({ method, path, action: { hang: true } });
      const { exit, annotations, outputs } = await world.run(
        entry,
        { mode: 'sign', images: reference },
        { kill: whenAsked(service, new RegExp(`^${method} .*${path}`), signal) },
      );
      expect(exit).toBe({ SIGINT: 130, SIGTERM: 143 }[signal]);
      expect(outputs).toEqual({ signed: 'false' });
      expect(annotations.map(({ message }) => message)).toEqual([expect.stringMatching(said)]);
      await world.forget();
      expect(await world.run(entry, { mode: 'sign', images: reference })).toMatchObject({
        exit: 0,
        outputs: { signed: 'true' },
      });
    },
  );

  test('a cancelled gate reports that it has not verified the image', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} gate` });
    await world.forget();
    await world.registry.fault({ path: '/referrers/', action: { hang: true } });
    const { exit, annotations, outputs } = await world.run(
      entry,
      { mode: 'verify', images: reference },
      { kill: whenAsked('registry', /referrers/) },
    );
    expect(exit).toBe(143);
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(/^Cannot finish verifying: .* cancelled/);
  });

  test('a gate that is cancelled while it copies evidence finishes the copy when it runs again', async () => {
    const image = await world.push('acme/app', { content: `${entry} copied` });
    await signAndAttach(world, image);
    await world.forget();
    const target = `prod/${entry}`;
    const inputs = {
      mode: 'verify',
      images: image.reference,
      'copy-evidence-to': `${world.registry.host}/${target}`,
    };
    const path = `/v2/${target}/manifests/`;
    await world.registry.fault({ method: 'PUT', path, action: { hang: true } });
    const kill = whenAsked('registry', new RegExp(`^PUT .*${path}`));
    const { exit, annotations, outputs } = await world.run(entry, inputs, { kill });
    expect(exit).toBe(143);
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /^Cannot finish verifying: the step was cancelled before all evidence was copied.*\nTo fix: run the job again/,
    );
    await world.forget();
    expect(await world.run(entry, inputs)).toMatchObject({ exit: 0 });
    expect(await referrersOf(world, target, image.digest)).toHaveLength(1);
  });

  test('stores the other signatures if one cannot be logged', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} one of two` });
    await world.forget();
    const inputs = { mode: 'sign', images: reference, attestations: 'provenance' };
    await world.sigstore.fault({ path: '/log/entries', times: 1, action: { status: 400 } });
    const { exit, outputs, annotations, log } = await world.run(entry, inputs);
    expect(exit).toBe(1);
    expect(outputs['signed']).toBe('false');
    expect(annotations).toHaveLength(1);
    expect(log).toContain('When the job runs again, what is stored is not signed again');
    const [{ bundles }] = JSON.parse(outputs['results'] ?? '') as [
      { readonly bundles: readonly { readonly stored: readonly object[] }[] },
    ];
    expect(bundles.map(({ stored }) => stored.length)).toEqual([1]);

    await world.forget();
    expect(await world.run(entry, inputs)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    expect((await asked(world.sigstore)).filter((each) => /log.entries/.test(each))).toHaveLength(
      1,
    );
  });
});
