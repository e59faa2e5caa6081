// Images signed with cosign v2, as bundles: signatures with their payload, and attestations from image layers.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  annotationsIn,
  ATTESTATION_LAYER,
  bundleOfLayer,
  SIGNATURE_LAYER,
} from '../../../src/cosign/layer.ts';
import type { Digest } from '../../../src/model/digest.ts';
import type { Question } from '../question.ts';

const ACTIONS = 'https://token.actions.githubusercontent.com';
const LOGIN = 'https://github.com/login/oauth';

/** SAN and issuer; none if a key signed. */
const signatures: Readonly<Record<string, readonly [string, string] | undefined>> = {
  'containers-image-fulcio-rekor.json': ['mitr@redhat.com', LOGIN],
  'containers-image-key-rekor.json': undefined,
  'gha-keyless-salrashid123-c05263d2ff65.json': [
    'https://github.com/salrashid123/go-bazel-github-workflow/.github/workflows/release.yaml@refs/tags/v0.0.30',
    ACTIONS,
  ],
  'gha-keyless-salrashid123-d454b76c23ed.json': ['salrashid123@gmail.com', LOGIN],
};
const layouts = ['v1.4.0', 'v1.10.0'];

interface LayerFile {
  readonly name: string;
  readonly signer: readonly [string, string] | { readonly publicKey: string };
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly blob: Buffer;
  readonly image: Digest;
}

export async function bundlesInLayers(
  vectors: string,
  folder: string,
): Promise<readonly Question[]> {
  const found = [...(await readSignatures(vectors)), ...(await readAttestations(vectors))];
  await mkdir(folder);
  return Promise.all(
    found.map((layer, index) =>
      questionOf(
        layer,
        join(vectors, 'trusted-roots/prod-trusted_root.json'),
        join(folder, String(index)),
      ),
    ),
  );
}

async function questionOf(
  { name, signer, mediaType, annotations, blob, image }: LayerFile,
  trustedRoot: string,
  path: string,
): Promise<Question> {
  const [bundle, payload, key] = [`${path}.sigstore.json`, `${path}.payload`, `${path}.pub`];
  await writeFile(
    bundle,
    bundleOfLayer({ mediaType, annotations: annotationsIn(annotations), blob }),
  );
  await writeFile(payload, blob);
  if ('publicKey' in signer) await writeFile(key, signer.publicKey);
  return {
    name,
    collection: 'vectors of others',
    bundle,
    signer:
      'publicKey' in signer
        ? { kind: 'key', path: key }
        : { kind: 'identity', identity: signer[0], issuer: signer[1] },
    trustedRoot,
    artifact: mediaType === SIGNATURE_LAYER ? { path: payload } : { digest: image },
    refusal: undefined,
    image: { digest: image, layer: blob },
  };
}

async function readSignatures(vectors: string): Promise<readonly LayerFile[]> {
  return Promise.all(
    Object.entries(signatures).map(async ([file, signer]): Promise<LayerFile> => {
      const { payload, annotations, signedDigest, publicKey } = (await readJson(
        join(vectors, 'cosign-legacy', file),
      )) as SignatureFile;
      return {
        name: `cosign-legacy/${file}`,
        signer: signer ?? { publicKey },
        mediaType: SIGNATURE_LAYER,
        annotations,
        blob: Buffer.from(payload, 'base64'),
        image: signedDigest,
      };
    }),
  );
}

interface SignatureFile {
  readonly payload: string;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly signedDigest: Digest;
  readonly publicKey: string;
}

async function readAttestations(vectors: string): Promise<readonly LayerFile[]> {
  const read = layouts.map(async (version): Promise<readonly LayerFile[]> => {
    const layout = join(vectors, `oci-layouts/slsa-container-${version}`);
    const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'));
    const {
      manifests: [image, attestations],
    } = (await readJson(join(layout, 'index.json'))) as {
      readonly manifests: readonly { readonly digest: Digest }[];
    };
    if (!image || !attestations) throw new Error(`${layout} is no image with attestations`);
    const { layers } = (await readJson(blob(attestations.digest))) as {
      readonly layers: readonly {
        readonly digest: Digest;
        readonly annotations: Readonly<Record<string, unknown>>;
      }[];
    };
    const signer = [
      `https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/${version}`,
      ACTIONS,
    ] as const;
    return Promise.all(
      layers.map(async ({ digest, annotations }, index): Promise<LayerFile> => ({
        name: `oci-layouts/slsa-container-${version}#${index}`,
        signer,
        mediaType: ATTESTATION_LAYER,
        annotations,
        blob: await readFile(blob(digest)),
        image: image.digest,
      })),
    );
  });
  return (await Promise.all(read)).flat();
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
