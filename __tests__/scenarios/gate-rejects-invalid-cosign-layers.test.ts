// Invalid annotations and layers in `.sig` and `.att`: each is rejected by name, none ends the step, and a valid layer after them still counts.
import { afterAll, describe, expect, test } from '@jest/globals';

import { attestationLayer, type Layer, putLayers, signatureLayer } from './old-cosign.ts';
import { SIGNATURE_ANNOTATION } from '../../lab/bundles/layer.ts';
import { certifyJob } from '../../lab/bundles/signing.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld({ registry: { references: 'unchecked' } });
const [mixed, junk] = [
  await world.push('acme/app', { content: 'junk and a good one' }),
  await world.push('acme/app', { content: 'junk' }),
];
const holder = await certifyJob(world);
const [good, attestation] = [
  await signatureLayer(world, mixed, holder, { timestamp: 'bare' }),
  await attestationLayer(world, mixed, holder),
];

const MEGABYTE = 1 << 20;
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const BUNDLE = 'dev.sigstore.cosign/bundle';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';
const { Payload: logged } = JSON.parse(String(good.annotations[BUNDLE])) as { Payload: object };
const withPayload = (change: object): string =>
  JSON.stringify({ SignedEntryTimestamp: 'AAAA', Payload: { ...logged, ...change } });

/** Each in place of, or in addition to, valid content. */
const ANNOTATIONS: Readonly<Record<string, object>> = {
  'no signature': { [SIGNATURE_ANNOTATION]: undefined },
  'a number for a signature': { [SIGNATURE_ANNOTATION]: 7 },
  'no base64 for a signature': { [SIGNATURE_ANNOTATION]: 'not base64!' },
  'a signature of a megabyte': { [SIGNATURE_ANNOTATION]: 'A'.repeat(MEGABYTE) },
  'a certificate that is none': { [CERTIFICATE]: 'certainly none' },
  'a certificate of nothing': {
    [CERTIFICATE]: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----',
  },
  'a list of certificates': { [CERTIFICATE]: ['x'] },
  'a certificate of a megabyte': {
    [CERTIFICATE]: `-----BEGIN CERTIFICATE-----${'A'.repeat(MEGABYTE)}-----END CERTIFICATE-----`,
  },
  'a log entry that is no JSON': { [BUNDLE]: 'no JSON' },
  'a log entry that is no object': { [BUNDLE]: '"text"' },
  'a log entry of nothing': { [BUNDLE]: '{"Payload":{}}' },
  'a log entry with an object for a body': { [BUNDLE]: withPayload({ body: {} }) },
  'a log entry with a body that is no JSON': { [BUNDLE]: withPayload({ body: 'AAAA' }) },
  'a log entry with text for numbers': {
    [BUNDLE]: withPayload({ logIndex: 'first', integratedTime: 'now' }),
  },
  'a log entry with large numbers': {
    [BUNDLE]: withPayload({ logIndex: 1e300, integratedTime: -1e300 }),
  },
  'a log entry of a log that is a list': { [BUNDLE]: withPayload({ logID: [[]] }) },
  'a log entry twice': { [BUNDLE]: '{"Payload":{},"Payload":{}}' },
  'a log entry without end': { [BUNDLE]: `{"Payload":{"body":${DEEP},"logIndex":${DEEP}}}` },
  'a promise that is a number': {
    [BUNDLE]: JSON.stringify({ SignedEntryTimestamp: 7, Payload: logged }),
  },
  'a timestamp that is no JSON': { [TIMESTAMP]: 'no JSON' },
  'a timestamp that is a number': { [TIMESTAMP]: '{"SignedRFC3161Timestamp":7}' },
  'a timestamp that is none': { [TIMESTAMP]: '{"SignedRFC3161Timestamp":"AAAA"}' },
  'annotations that are text': 'text' as unknown as object,
};

/** An invalid timestamp counts as none, and the log entry is enough: these layers are accepted. */
const HARMLESS = new Set(['a timestamp that is no JSON']);

const bad = Object.entries(ANNOTATIONS)
  .filter(([name]) => !HARMLESS.has(name))
  .map(([, change]): Layer => ({
    ...good,
    annotations: typeof change === 'object' ? { ...good.annotations, ...change } : change,
  }));
const envelopes = [
  '',
  'no JSON',
  '[]',
  'null',
  '{"payload":7}',
  '{"payload":"AAAA","payload":"AAAA"}',
  DEEP,
  `{"payloadType":${DEEP}}`,
  '"' + 'x'.repeat(MEGABYTE) + '"',
].map((text): Layer => ({ ...attestation, blob: Buffer.from(text) }));
const payloads = ['', 'no JSON', DEEP, '\ufeff{}', `"${'x'.repeat(MEGABYTE)}"`].map(
  (text): Layer => ({ ...good, blob: Buffer.from(text) }),
);

/** Content that is not a layer at all. */
const NO_LAYERS = [
  null,
  'text',
  [],
  {},
  { mediaType: good.mediaType },
  { mediaType: good.mediaType, digest: 'sha256:../..', size: 7 },
  { mediaType: good.mediaType, digest: `sha256:${'0'.repeat(64)}`, size: -1 },
  { mediaType: 7, digest: 7, size: 7 },
];
const withNoLayers = (manifest: object): object => ({
  ...manifest,
  layers: [...NO_LAYERS, ...(manifest as { layers: object[] }).layers],
});

// Manifests are limited to 4 MiB: the megabytes are in a separate image.
const small = bad.filter(({ annotations }) => JSON.stringify(annotations).length < MEGABYTE / 2);
await putLayers(world, mixed, 'sig', [...bad, ...payloads, good], withNoLayers);
await putLayers(world, mixed, 'att', [...envelopes, attestation], withNoLayers);
await putLayers(world, junk, 'sig', [...small, ...payloads], withNoLayers);
await putLayers(world, junk, 'att', envelopes, withNoLayers);
const images = [mixed, junk].map(({ reference }) => reference).join('\n');
const runs = await world.fromEach({ mode: 'verify', images, require: 'signature\nprovenance' });

const manifests = await Promise.all(
  ['text', 7, null, { length: 5 }, undefined].map(async (layers, index) => {
    const image = await world.push('acme/app', { content: `layers ${index}` });
    await putLayers(world, image, 'sig', [], (manifest) => ({ ...manifest, layers }));
    return image.reference;
  }),
);
const empty = await world.fromEach({ mode: 'verify', images: manifests.join('\n') });

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const { outputs, annotations } = runs[entry];
  const [ofMixed, ofJunk] = JSON.parse(outputs['results'] ?? '[]') as {
    verdict: string;
    failures: object[];
    rejections: { code: string; place: string; found: string }[];
  }[];

  test('accepts valid layers that come after invalid ones', () => {
    expect(ofMixed).toMatchObject({
      verdict: 'accepted',
      failures: [],
      evidence: [{ requirement: 'signature' }, { requirement: 'provenance' }],
    });
  });

  test('rejects invalid layers by name and reports none as a bug', () => {
    expect(ofJunk).toMatchObject({
      verdict: 'rejected',
      failures: [],
      unacceptable: [],
      evidence: [],
    });
    expect(ofJunk?.rejections).toHaveLength(small.length + payloads.length + envelopes.length);
    expect(ofJunk?.rejections.filter(({ found }) => found.length > 400)).toEqual([]);
    expect(annotations).toMatchObject([{ message: expect.stringMatching(/^Cannot accept /) }]);
    expect(annotations[0]?.message.length).toBeLessThan(2000);
  });

  test('reports an image as unattested if the tag has no layers', () => {
    expect(empty[entry]).toMatchObject({ exit: 1, outputs: { verdict: 'unattested' } });
    expect(JSON.parse(empty[entry].outputs['results'] ?? '[]')).toMatchObject(
      manifests.map(() => ({ verdict: 'unattested', failures: [] })),
    );
  });
});
