// An image signed with a key, as by cosign v2: the gate trusts the configured keys, by URL, file or text, and no others.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { serveTls } from '../../lab/services/loopback.ts';
import { type LayerSigning, putLayers, signatureLayer } from './old-cosign.ts';
import { shown } from '../report/shown.ts';
import { entries, type Image, type Inputs, startWorld } from './world.ts';

const world = await startWorld();
const [vendor, next, other] = [holderOf(newKind()), holderOf(newKind()), holderOf(newKind())];

async function push(content: string, holder = vendor, signing: LayerSigning = {}): Promise<Image> {
  const image = await world.push('vendor/app', { content, tag: content });
  await putLayers(world, image, 'sig', [await signatureLayer(world, image, holder, signing)]);
  return image;
}

const signed = await push('signed');
const [rotated, unlogged, stamped, foreign] = await Promise.all([
  push('rotated', next),
  push('unlogged', vendor, { log: 'none' }),
  push('stamped', vendor, { log: 'none', timestamp: 'bare' }),
  push('foreign', vendor, { digest: signed.digest }),
]);
const directory = await mkdtemp(join(tmpdir(), 'key-'));
const [file, authorityAlone] = [
  join(directory, 'cosign.pub'),
  join(directory, 'trusted_root.json'),
];
const https = await serveTls(({ path }) =>
  path === '/cosign.pub' ? { body: pemOf(vendor) } : { body: pemOf(other) },
);
const env = { NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') };
await Promise.all([
  writeFile(file, `${pemOf(other)}${pemOf(vendor)}`),
  writeFile(
    authorityAlone,
    JSON.stringify({
      ...world.sigstore.trustedRoot,
      certificateAuthorities: [],
      tlogs: [],
      ctlogs: [],
    }),
  ),
  writeFile(env.NODE_EXTRA_CA_CERTS, https.authority),
]);
const at = (path: string): string => new URL(path, https.url).href;

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test.each([
    ['by https URL', at('/cosign.pub')],
    ['in a file, together with another key', file],
    ['as text', pemOf(vendor)],
  ])('accepts a signature of a key configured %s', async (_, key) => {
    const { exit, outputs, summary, annotations } = await world.run(
      entry,
      { mode: 'verify', images: `${world.registry.host}/vendor/app:signed`, key },
      { env },
    );
    expect({ exit, annotations, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({
      exit: 0,
      annotations: [],
      verdict: 'accepted',
      image: signed.reference,
    });
    expect(shown(summary)).toMatch(/\| key \| <code>sha256:[0-9a-f]{64}<\/code> from /);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        evidence: [
          {
            requirement: 'signature',
            bundles: [
              {
                source: 'legacy',
                predicateType: 'application/vnd.dev.cosign.simplesigning.v1+json',
              },
            ],
          },
        ],
      },
    ]);
  });

  test('accepts a signature of any of several keys, so that keys can be rotated', async () => {
    const { exit, outputs, log } = await world.run(
      entry,
      {
        mode: 'verify',
        images: [signed, rotated].map(({ reference }) => reference).join('\n'),
        key: `${at('/cosign.pub')}\n${pemOf(next)}`,
      },
      { env },
    );
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(log.match(/^Trusting the key sha256:[0-9a-f]{64} from (key|https:\S+)$/gm)).toHaveLength(
      2,
    );
  });

  test.each([
    ['of several services', {}],
    ['of the timestamp authority only', { 'trusted-root': authorityAlone }],
  ])('accepts a signature with only a timestamp, with a trusted root %s', async (_, inputs) => {
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: stamped.reference,
      key: pemOf(vendor),
      ...inputs,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        evidence: [{ bundles: [{ times: [{ source: 'timestamp-authority' }], logEntries: [] }] }],
      },
    ]);
  });

  test.each<[string, string, Inputs, RegExp]>([
    [
      'of another key, by https URL',
      signed.reference,
      { key: at('/other.pub') },
      /signature: expected "made with https:\S+\/other\.pub over this payload", found "made with another key/,
    ],
    [
      'of a key that is not configured',
      rotated.reference,
      { key: file },
      /found "made with another key/,
    ],
    [
      'with a key when no key is configured',
      signed.reference,
      {},
      /signer: expected "a certificate", found "a key; "key" names the keys to trust"/,
    ],
    [
      'without a log entry or timestamp',
      unlogged.reference,
      { key: file },
      /log entry or timestamp: expected "at least one", found "neither"/,
    ],
    [
      'for another image',
      foreign.reference,
      { key: file },
      /subject: expected "sha256:\w+", found "sha256:\w+"/,
    ],
    [
      'when provenance is required',
      signed.reference,
      { key: file, require: 'provenance' },
      /no acceptable provenance/,
    ],
  ])('rejects a signature %s', async (_, images, inputs, message) => {
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'verify', images, ...inputs },
      { env },
    );
    expect({ exit, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({
      exit: 1,
      verdict: 'rejected',
      image: undefined,
    });
    expect(annotations[0]?.message).toMatch(message);
  });

  test('warns that it required neither a log entry nor a timestamp', async () => {
    const { exit, outputs, summary, annotations, log } = await world.run(entry, {
      mode: 'verify',
      images: unlogged.reference,
      key: pemOf(vendor),
      'insecure-ignore-tlog': 'true',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(summary).toContain('> ⚠️ insecure-ignore-tlog');
    expect(log).toMatch(/insecure-ignore-tlog: neither a log entry nor a timestamp is required/);
    expect(annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('insecure-ignore-tlog') },
    ]);
  });

  test('reports an invalid trusted root even with "insecure-ignore-tlog"', async () => {
    const { exit, annotations } = await world.run(entry, {
      mode: 'verify',
      images: unlogged.reference,
      key: pemOf(vendor),
      'insecure-ignore-tlog': 'true',
      'trusted-root': file,
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Cannot use "trusted-root": ".*": it is a public key, not a trusted/),
    );
  });
});
