// The tags `.sig` and `.att` of cosign v2: keyless or with a key, with a log entry, a timestamp or both.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import type { Holder } from '../../lab/bundles/holder.ts';
import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { certifyJob } from '../../lab/bundles/signing.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { attestationLayer, type LayerSigning, pushWith, signatureLayer } from './old-cosign.ts';
import { entries, type Entry, type Image, type Inputs, startWorld } from './world.ts';

const world = await startWorld();
const [ours, vendor, other] = [await certifyJob(world), holderOf(newKind()), holderOf(newKind())];
const CHAIN = 'dev.sigstore.cosign/chain';

/** The root of an instance without a log. */
const withoutLog = join(await mkdtemp(join(tmpdir(), 'root-')), 'trusted_root.json');
await writeFile(withoutLog, JSON.stringify({ ...world.sigstore.trustedRoot, tlogs: [] }));

const sig = (holder: Holder, signing: LayerSigning = {}): Promise<Image> =>
  pushWith(world, `${JSON.stringify(signing)} by ${pemOf(holder)}`, 'sig', async (image) => [
    await signatureLayer(world, image, holder, signing),
  ]);
const att = (holder: Holder, signing: LayerSigning = {}): Promise<Image> =>
  pushWith(
    world,
    `attested ${JSON.stringify(signing)} by ${pemOf(holder)}`,
    'att',
    async (image) => [await attestationLayer(world, image, holder, signing)],
  );
const chained = (chain: string): Promise<Image> =>
  pushWith(world, `chain of ${chain.length}`, 'sig', async (image) => {
    const layer = await signatureLayer(world, image, ours);
    return [{ ...layer, annotations: { ...layer.annotations, [CHAIN]: chain } }];
  });
const byKey: Inputs = { key: pemOf(vendor) };
const provenance: Inputs = { require: 'provenance' };
const log = ['transparency-log'];
const authority = ['timestamp-authority'];

const good: readonly (readonly [string, Image, Inputs, readonly string[]])[] = [
  ['keyless, in the log', await sig(ours), {}, log],
  [
    'keyless, in the log and with a timestamp',
    await sig(ours, { timestamp: 'bare' }),
    {},
    [...authority, ...log],
  ],
  [
    'keyless, with a timestamp that contains its certificates',
    await sig(ours, { timestamp: 'with certificates' }),
    {},
    [...authority, ...log],
  ],
  [
    'keyless, with only a timestamp, of an instance without a log',
    await sig(ours, { log: 'none', timestamp: 'bare' }),
    { 'trusted-root': withoutLog },
    authority,
  ],
  [
    'keyless, with only a timestamp that contains its certificates, of an instance without a log',
    await sig(ours, { log: 'none', timestamp: 'with certificates' }),
    { 'trusted-root': withoutLog },
    authority,
  ],
  ['with a key, in the log', await sig(vendor), byKey, log],
  [
    'with a key and only a timestamp',
    await sig(vendor, { log: 'none', timestamp: 'bare' }),
    byKey,
    authority,
  ],
  [
    'with a key and only a timestamp that contains its certificates',
    await sig(vendor, { log: 'none', timestamp: 'with certificates' }),
    byKey,
    authority,
  ],
  [
    'with a key, in the log and with a timestamp',
    await sig(vendor, { timestamp: 'bare' }),
    byKey,
    [...authority, ...log],
  ],
  ['on an attestation, keyless', await att(ours), provenance, log],
  ['on an attestation, with a key', await att(vendor), { ...provenance, ...byKey }, log],
  [
    'on an attestation, with a key and only a timestamp',
    await att(vendor, { log: 'none', timestamp: 'bare' }),
    { ...provenance, ...byKey },
    authority,
  ],
  [
    'on an attestation, keyless, in the log and with a timestamp',
    await att(ours, { timestamp: 'with certificates' }),
    provenance,
    [...authority, ...log],
  ],
  ['whose chain belongs to another authority', await chained(pemOf(other)), {}, log],
  [
    'whose chain is not a certificate chain',
    await chained('-----BEGIN CERTIFICATE-----\nAAAA\n'),
    {},
    log,
  ],
  ['whose chain is a megabyte long', await chained('A'.repeat(1 << 20)), {}, log],
];

const bad: readonly (readonly [string, Image, Inputs, string])[] = [
  [
    'keyless, with only a timestamp, of an instance with a log',
    await sig(ours, { log: 'none', timestamp: 'bare' }),
    {},
    'TRANSPARENCY_LOG',
  ],
  ['keyless, without a trusted time', await sig(ours, { log: 'none' }), {}, 'TIMESTAMP'],
  ['keyless, when a key is required', await sig(ours), byKey, 'KEY'],
  ['with a key, when an identity is required', await sig(vendor), {}, 'KEY'],
  [
    'with a key, about another image',
    await sig(vendor, { digest: `sha256:${'ab'.repeat(32)}` }),
    byKey,
    'SUBJECT',
  ],
  [
    'on an attestation with another key',
    await att(other),
    { ...provenance, ...byKey },
    'SIGNATURE',
  ],
  [
    'on an attestation about another image',
    await att(ours, { digest: `sha256:${'ab'.repeat(32)}` }),
    provenance,
    'SUBJECT',
  ],
];

/** One run for all images with the same inputs. */
async function judge(
  exhibits: readonly (readonly [string, Image, Inputs, ...unknown[]])[],
): Promise<Readonly<Record<Entry, ReadonlyMap<Image, Result>>>> {
  const results = { src: new Map<Image, Result>(), dist: new Map<Image, Result>() };
  for (const group of Map.groupBy(exhibits, ([, , inputs]) => JSON.stringify(inputs)).values()) {
    const images = group.map(([, image]) => image);
    const runs = await world.fromEach({
      mode: 'verify',
      images: images.map(({ reference }) => reference).join('\n'),
      ...group[0]?.[2],
    });
    for (const entry of entries) {
      const ofImages = resultsOf(runs[entry]);
      for (const [index, image] of images.entries()) results[entry].set(image, ofImages[index]);
    }
  }
  return results;
}

type Result = Readonly<Record<string, unknown>> | undefined;

function resultsOf({ outputs }: ActionResult): readonly Result[] {
  return JSON.parse(outputs['results'] ?? '[]') as readonly Result[];
}

const judged = await judge([...good, ...bad]);

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test.each(good)('accepts a signature %s', (_, image, _inputs, times) => {
    expect(judged[entry].get(image)).toMatchObject({
      verdict: 'accepted',
      rejections: [],
      evidence: [{ bundles: [{ source: 'legacy', times: times.map((source) => ({ source })) }] }],
    });
  });

  test.each(bad)('rejects a signature %s', (_, image, _inputs, code) => {
    expect(judged[entry].get(image)).toMatchObject({
      verdict: 'rejected',
      evidence: [],
      unacceptable: [],
      rejections: [{ source: 'legacy', code }],
    });
  });

  test('accepts a signature although no list of referrers is answered', async () => {
    const path = String.raw`/referrers/|/manifests/sha256-\w+$`;
    await world.registry.fault({ path, action: { hang: true } });
    const [[, image] = []] = good;
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: image?.reference ?? '',
      'retry-timeout': '0s',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    await world.registry.mend();
  });
});
