// The image of signatures equals that of cosign byte for byte, and content of other writers stays unchanged.
import { describe, expect, test } from '@jest/globals';
import { type CosignImage, layerEntry, layersIn, withLayers } from '../../src/cosign/image.ts';
import type { SignedLayer } from '../../src/model/bundle.ts';
import { digestOf } from '../../src/model/digest.ts';
import { isProblem } from '../../src/text/parsed.ts';

const BLOB = Buffer.from('{"critical":{}}');
const DIGEST = digestOf(BLOB);
const TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const CREATED = '"created":"0001-01-01T00:00:00Z"';

function layer(annotations: Readonly<Record<string, string>> = { a: '1' }): SignedLayer {
  return { mediaType: TYPE, blob: BLOB, annotations };
}

function imageWith(current: string | undefined, ...layers: readonly SignedLayer[]): CosignImage {
  const before = current === undefined ? undefined : Buffer.from(current);
  const image = withLayers(before, layers.map(layerEntry));
  if (isProblem(image)) throw new Error(image.problem);
  return image.value;
}

const textOf = (image: CosignImage): string => image.manifest.toString();

test('creates the same image as cosign for one layer', () => {
  const { manifest, config, mediaType } = imageWith(undefined, layer({ b: '<', a: '1' }));
  expect(config.toString()).toBe(
    `{"architecture":"",${CREATED},"history":[{${CREATED}}],"os":"","rootfs":{"type":"layers","diff_ids":["${DIGEST}"]},"config":{}}`,
  );
  expect(config).toHaveLength(233);
  expect(manifest.toString()).toBe(
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":233,"digest":"${digestOf(config)}"},"layers":[{"mediaType":"${TYPE}","size":15,"digest":"${DIGEST}","annotations":{"a":"1","b":"\\u003c"}}]}`,
  );
  expect(mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
});

describe('an existing image', () => {
  const foreign = `{ "annotations":{"z":"\u00e4","10":"<"},"digest":"sha256:0", "size":1.50,"x":[null,{}]}`;
  const before = `{"x":{"y":1},"config":{"mediaType":"text/plain","size":2,"digest":"sha256:1","z":1},"layers":[${foreign} , {"digest":"sha256:2"}],"mediaType":"application/vnd.docker.distribution.manifest.v2+json","schemaVersion":2}`;

  test('keeps its layers byte for byte, before the added ones', () => {
    const image = imageWith(before, layer());
    expect(textOf(image)).toContain(
      `"layers":[${foreign},{"digest":"sha256:2"},${textOfLayer(layer())}]`,
    );
    expect(textOf(image)).toContain('"x":{"y":1}');
  });

  test('keeps its types and has a config for all layers', () => {
    const image = imageWith(before, layer());
    expect(image.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
    expect(JSON.parse(textOf(image))).toMatchObject({
      schemaVersion: 2,
      mediaType: image.mediaType,
      config: {
        mediaType: 'text/plain',
        size: image.config.byteLength,
        digest: digestOf(image.config),
      },
    });
    expect(JSON.parse(image.config.toString())).toMatchObject({
      history: [{}, {}, {}],
      rootfs: { diff_ids: ['sha256:0', 'sha256:2', DIGEST] },
    });
  });

  test('is a single manifest without duplicate fields', () => {
    const members = [...textOf(imageWith(before, layer())).matchAll(/"(?:config|layers)":[[{]/g)];
    expect(members).toHaveLength(2);
  });
});

describe('layers', () => {
  const keyOf = (text: string): string =>
    layersIn(Buffer.from(`{"layers":[${text}]}`))[0]?.key ?? '';

  test('are distinguished by their annotations, because a payload can be signed repeatedly', () => {
    const [first, second] = [layerEntry(layer({ a: '1' })), layerEntry(layer({ a: '2' }))];
    expect(first.key).not.toBe(second.key);
  });

  test('are recognized in any order and from any writer', () => {
    const { key } = layerEntry(layer({ a: '<', b: '\u00e4' }));
    expect(keyOf(textOfLayer(layer({ b: '\u00e4', a: '<' })))).toBe(key);
    expect(
      keyOf(
        `{"digest":"${DIGEST}","annotations":{"b":"\\u00e4","a":"<"},"size":15,"mediaType":"${TYPE}"}`,
      ),
    ).toBe(key);
  });
});

test('accepts no more layers than cosign reads', () => {
  const entries = Array.from({ length: 1001 }, (_, number) =>
    layerEntry(layer({ number: String(number) })),
  );
  expect(withLayers(undefined, entries.slice(1))).toHaveProperty('value');
  expect(withLayers(undefined, entries)).toEqual({
    problem: 'would have 1001 layers, of which cosign reads 1000',
    remedy: 'remove signatures that are no longer needed',
  });
});

function textOfLayer(each: SignedLayer): string {
  return Buffer.from(layerEntry(each).text, 'latin1').toString();
}
