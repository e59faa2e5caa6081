// An image signed with a key, as by cosign v2: the gate trusts the configured keys, by URL, file or text, and no others.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { closedPort, serve, serveTls } from '../../lab/services/loopback.ts';
import { type LayerSigning, putLayers, signatureLayer } from './old-cosign.ts';
import { asked } from './seen.ts';
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
const gone = new URL(`http://127.0.0.1:${await closedPort()}`);
const directory = await mkdtemp(join(tmpdir(), 'key-'));
const [file, authorityAlone] = [
  join(directory, 'cosign.pub'),
  join(directory, 'trusted_root.json'),
];
const page = { body: '<!DOCTYPE html>\n<title>cosign.pub at main</title>' };
const [https, http] = await Promise.all([
  serveTls(({ path }) =>
    path === '/cosign.pub' ? { body: pemOf(vendor) } : { body: pemOf(other) },
  ),
  serve(({ path }) => {
    if (path === '/moved.pub') return { status: 302, headers: { location: '/cosign.pub' } };
    if (path === '/cosign.pub') return { body: pemOf(vendor) };
    if (path === '/busy.pub') return { status: 503 };
    if (path === '/large.pub') return { body: pemOf(vendor).padEnd(65_537) };
    return path === '/page.pub' ? page : { status: 404 };
  }),
]);
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
const at = (path: string, server: URL = http.url): string => new URL(path, server).href;

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('from %s', (entry) => {
  test.each([
    ['by https URL', at('/cosign.pub', https.url)],
    ['in a file, with another key beside it', file],
    ['as text', pemOf(vendor)],
  ])('accepts the key %s', async (_, key) => {
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

  test('accepts any of several keys, so that keys can be rotated', async () => {
    const { exit, outputs, log } = await world.run(
      entry,
      {
        mode: 'verify',
        images: [signed, rotated].map(({ reference }) => reference).join('\n'),
        key: `${at('/cosign.pub', https.url)}\n${pemOf(next)}`,
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
    ['that names it alone', { 'trusted-root': authorityAlone }],
  ])(
    'accepts a signature that only a timestamp authority has seen, by a root %s',
    async (_, inputs) => {
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
    },
  );

  test.each<[string, string, Inputs, RegExp]>([
    [
      'of another key, by https URL',
      signed.reference,
      { key: at('/other.pub', https.url) },
      /signature: expected "made with https:\S+\/other\.pub over this payload", found "made with another key/,
    ],
    ['of none of the keys', rotated.reference, { key: file }, /found "made with another key/],
    [
      'without a key, by whoever holds it',
      signed.reference,
      {},
      /signer: expected "a certificate", found "a key; "key" names the keys to trust"/,
    ],
    [
      'that nobody has seen',
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
      'as the provenance that is required',
      signed.reference,
      { key: file, require: 'provenance' },
      /no acceptable provenance/,
    ],
  ])('refuses a signature %s', async (_, images, inputs, message) => {
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

  test('warns that neither a log entry nor a timestamp was required', async () => {
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

  test('tells a wrong root although no witness is asked for', async () => {
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

  test.each([
    [
      'that redirects',
      at('/moved.pub'),
      /^Cannot use the key "\S+\/moved\.pub": it redirects to http:\S+\nTo fix: use the URL of the key file itself/,
    ],
    [
      'that is missing',
      at('/none.pub'),
      /^Cannot use the key "\S+\/none\.pub": it answered 404\nTo fix: check the URL/,
    ],
    [
      'that is too large',
      at('/large.pub'),
      /^Cannot use the key "\S+\/large\.pub": it is larger than 65536 bytes\nTo fix: use the URL of the key file itself/,
    ],
    [
      'that is a web page',
      at('/page.pub'),
      /^Cannot use the key "\S+\/page\.pub": it is a web page, not a PEM public key\nTo fix: .*on GitHub, the link of the "Raw" button/,
    ],
    [
      'whose server is overloaded',
      at('/busy.pub'),
      /^Cannot fetch the key "\S+\/busy\.pub": .* answered 503 .*\nTo fix: run the job again later, or raise "retry-timeout"; or keep the key in a file/,
    ],
    [
      'that nobody serves',
      at('/cosign.pub', gone),
      /^Cannot fetch the key .* failed: ECONNREFUSED .*\nTo fix: check the address/,
    ],
    [
      'whose certificate nobody vouches for',
      at('/cosign.pub', https.url),
      /^Cannot fetch the key .*\nTo fix: .*NODE_EXTRA_CA_CERTS/,
    ],
  ])('stops at a key %s, before it asks for the image', async (_, key, message) => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: signed.reference,
      key: `${file}\n${key}`,
      'retry-timeout': '0s',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(message);
    expect(await asked(world.registry)).toEqual([]);
  });
});
