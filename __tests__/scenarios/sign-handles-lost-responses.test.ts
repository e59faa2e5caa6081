// A request may have been executed although its response was lost: nothing is reported, logged or recorded twice because of that.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { shown } from '../report/shown.ts';
import type { Fault } from '../../lab/services/start.ts';
import { asked } from './seen.ts';
import { entries, type Services, startWorld, TOKEN } from './world.ts';

const world = await startWorld();
const all: readonly (readonly [keyof Services, Omit<Fault, 'action'>])[] = [
  ['oidc', { path: '^/token' }],
  ['sigstore', { server: 'fulcio', path: 'signingCert' }],
  ['sigstore', { server: 'rekor-v1', path: 'entries' }],
  ['sigstore', { server: 'rekor-v2', path: 'entries' }],
  ['sigstore', { server: 'tsa', path: 'timestamp' }],
  ['github', { method: 'POST', path: 'attestations' }],
];
const losses = [
  ['the body is truncated', 'rekor2', { truncate: true }],
  ['the connection is closed', 'rekor1', { reset: true }],
  ['a gateway times out', 'rekor2', { status: 504 }],
] as const;

beforeEach(() => Promise.all([world.forget(), world.sigstore.set({ tiles: 'served' })]));
afterAll(() => world.stop());

async function recordsOf(digest: string): Promise<number> {
  const response = await fetch(`${world.github.url}/repos/acme/app/attestations/${digest}`, {
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  if (!response.ok) return 0;
  return ((await response.json()) as { attestations: unknown[] }).attestations.length;
}

describe.each(entries)('signing step run from %s', (entry) => {
  test.each(losses)(
    'signs and records once if every response is lost once: %s, with %s',
    async (reason, config, loss) => {
      const image = await world.push('acme/app', { content: `${entry} ${reason}` });
      for (const [service, fault] of all)
        await world[service].fault({ ...fault, times: 1, action: { ...loss, processed: true } });
      const { exit, annotations, outputs, summary } = await world.run(entry, {
        mode: 'sign',
        images: image.reference,
        stores: 'github',
        sigstore: world.trust.signingConfigs[config],
      });
      expect({ exit, annotations, signed: outputs['signed'] }).toEqual({
        exit: 0,
        annotations: [],
        signed: 'true',
      });
      // The id was in the lost response, and the list has no ids.
      expect(outputs['attestation-id']).toBe('');
      expect(outputs['attestation-url']).toBe('https://github.com/acme/app/attestations');
      expect(shown(summary)).toContain('attestations of acme/app, id unknown');
      expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
        {
          bundles: [
            { stored: [{ attestation: { url: 'https://github.com/acme/app/attestations' } }] },
          ],
        },
      ]);
      expect(await recordsOf(image.digest)).toBe(1);

      const log = config === 'rekor1' ? 'rekor-v1' : 'rekor-v2';
      const entriesSent = (await world.sigstore.requests())
        .filter(({ server, method }) => server === log && method === 'POST')
        .map(({ body }) => body.toString());
      expect(entriesSent).toHaveLength(2);
      expect(new Set(entriesSent).size).toBe(1);

      const gate = await world.run(entry, {
        mode: 'verify',
        images: image.reference,
        require: 'provenance',
      });
      expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    },
  );

  test('reads a checkpoint again until it covers the entry, with the index only in the error message', async () => {
    const image = await world.push('acme/app', { content: `${entry} stale` });
    const checkpoint = await (await fetch(`${world.sigstore.rekorV2}/api/v2/checkpoint`)).text();
    await world.sigstore.clear();
    const log = { server: 'rekor-v2', times: 1 } as const;
    const index = checkpoint.split('\n')[1] ?? '';
    const message = `an equivalent entry already exists in the transparency log with index ${index}`;
    const conflict = { status: 409, body: JSON.stringify({ code: 6, message, details: [] }) };
    const lost = { reset: true, processed: true } as const;
    for (const action of [lost, conflict])
      await world.sigstore.fault({ ...log, method: 'POST', path: '', action });
    await world.sigstore.fault({ ...log, path: 'checkpoint', action: { body: checkpoint } });
    const { exit, outputs } = await world.run(entry, { mode: 'sign', images: image.reference });
    expect({ exit, signed: outputs['signed'], index: outputs['log-index'] }).toEqual({
      exit: 0,
      signed: 'true',
      index,
    });
    const seen = await asked(world.sigstore, 'rekor-v2');
    expect(seen.filter((each) => !each.includes('/tile/')).sort()).toEqual([
      'GET /api/v2/checkpoint',
      'GET /api/v2/checkpoint',
      'POST /api/v2/log/entries',
      'POST /api/v2/log/entries',
    ]);
  });

  test('signs again if the log cannot be read after the write', async () => {
    const image = await world.push('acme/app', { content: `${entry} absent` });
    await world.sigstore.set({ tiles: 'absent' });
    await world.sigstore.fault({
      server: 'rekor-v2',
      path: '',
      times: 1,
      action: { reset: true, processed: true },
    });
    const { exit, outputs } = await world.run(entry, { mode: 'sign', images: image.reference });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect((await asked(world.sigstore, 'rekor-v2')).sort()).toEqual([
      'GET /api/v2/checkpoint',
      ...Array.from({ length: 3 }, () => 'POST /api/v2/log/entries'),
    ]);
    expect(await asked(world.sigstore, 'fulcio')).toHaveLength(1);
  });
});
