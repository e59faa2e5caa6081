// The artifact that carries a bundle, as other readers expect it.
import { expect, test } from '@jest/globals';

import { digestOf } from '../../src/model/digest.ts';
import { bundleManifest } from '../../src/registry/bundle-manifest.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const bundle = Buffer.from('{"a":1}');
const subject = {
  mediaType: MANIFEST,
  digest: digestOf(Buffer.from('image')),
  size: 5,
  bytes: Buffer.from('image'),
  etag: '"x"',
};
const { bytes, mediaType, referrer } = bundleManifest({
  subject,
  bundle,
  predicateType: 'https://slsa.dev/provenance/v1',
  created: new Date('2026-01-02T03:04:05.678Z'),
});

const annotations = {
  'dev.sigstore.bundle.content': 'dsse-envelope',
  'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1',
  'org.opencontainers.image.created': '2026-01-02T03:04:05Z',
};

test('creates an image manifest with an empty config, one layer and a minimal subject descriptor', () => {
  expect(mediaType).toBe(MANIFEST);
  expect(JSON.parse(bytes.toString())).toEqual({
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: BUNDLE,
    config: {
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
      artifactType: BUNDLE,
    },
    layers: [{ mediaType: BUNDLE, digest: digestOf(bundle), size: 7 }],
    annotations,
    subject: { mediaType: MANIFEST, digest: subject.digest, size: 5 },
  });
});

test('lists the manifest with its type and annotations', () => {
  expect(referrer).toEqual({
    mediaType: MANIFEST,
    digest: digestOf(bytes),
    size: bytes.length,
    artifactType: BUNDLE,
    annotations,
  });
});

test('the manifest of a bundle of another version has the media type of that version', () => {
  const old = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
  const written = bundleManifest({
    subject,
    bundle,
    mediaType: old,
    predicateType: 'a:b',
    created: new Date(0),
  });
  expect(written.referrer.artifactType).toBe(old);
  expect(JSON.parse(written.bytes.toString())).toMatchObject({
    artifactType: old,
    config: { artifactType: old },
    layers: [{ mediaType: old }],
  });
});
