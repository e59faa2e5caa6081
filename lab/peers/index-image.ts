// An index as BuildKit writes it with `oci-artifact=true`: an image for a platform, and an attestation manifest about it.
import { randomBytes } from 'node:crypto';

import { INDEX, MANIFEST, pushImage, putBlob, putManifest } from '../services/image.ts';
import type { Registry } from '../stack/stack.ts';
import type { Image } from './image.ts';

export interface IndexImage {
  readonly index: Image;
  readonly platform: Image;
  readonly attestation: Image;
}

const REPOSITORY = 'acme/app';
const SLSA = 'https://slsa.dev/provenance/v1';
const STATEMENT = 'application/vnd.in-toto+json';
const EMPTY = 'application/vnd.oci.empty.v1+json';

export async function pushIndex({ host }: Registry): Promise<IndexImage> {
  const target = { url: `http://${host}` };
  const put = async (manifest: object, mediaType: string): Promise<Image> =>
    imageOf(host, await putManifest(target, REPOSITORY, manifest, mediaType));
  const blob = async (text: string, mediaType: string): Promise<object> => ({
    mediaType,
    digest: await putBlob(target, REPOSITORY, text),
    size: Buffer.byteLength(text),
  });

  const content = randomBytes(16).toString('hex');
  const { digest, bytes } = await pushImage(target, REPOSITORY, { content });
  const platform = { mediaType: MANIFEST, digest, size: bytes.length };
  const statement = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: SLSA,
    subject: [{ name: 'pkg:docker/acme/app', digest: { sha256: digest.slice(7) } }],
    predicate: { runDetails: { builder: { id: 'https://mobyproject.org/buildkit@v1' } } },
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/vnd.docker.attestation.manifest.v1+json',
    config: await blob('{}', EMPTY),
    layers: [
      {
        ...(await blob(statement, STATEMENT)),
        annotations: { 'in-toto.io/predicate-type': SLSA },
      },
    ],
    subject: platform,
  };
  const attestation = await put(manifest, MANIFEST);
  const manifests = [
    { ...platform, platform: { architecture: 'amd64', os: 'linux' } },
    {
      mediaType: MANIFEST,
      digest: attestation.digest,
      size: Buffer.byteLength(JSON.stringify(manifest)),
      platform: { architecture: 'unknown', os: 'unknown' },
      annotations: {
        'vnd.docker.reference.digest': digest,
        'vnd.docker.reference.type': 'attestation-manifest',
      },
    },
  ];
  const index = await put({ schemaVersion: 2, mediaType: INDEX, manifests }, INDEX);
  return { index, platform: imageOf(host, digest), attestation };
}

function imageOf(host: string, digest: string): Image {
  const name = `${host}/${REPOSITORY}`;
  return { name, digest, reference: `${name}@${digest}` };
}
