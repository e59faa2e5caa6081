// Signing steps by what they sign: requests, wall time with every response delayed, and memory.
import { INDEX, pushImage, type PushTarget, putManifest } from '../services/image.ts';
import { openStage, REPOSITORY } from './step-stage.ts';

/** Milliseconds before every response. */
const DELAY = 50;
const EIGHT = ['amd64', 'arm64', 'arm/v6', 'arm/v7', '386', 'ppc64le', 's390x', 'riscv64'].map(
  (architecture) => `linux/${architecture}`,
);
const RECURSIVE = { recursive: 'true' };

interface Scene {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Pushes what is signed; returns the digests. */
  readonly push: (registry: PushTarget) => Promise<readonly string[]>;
}

const SCENES: readonly Scene[] = [
  {
    name: '1 image',
    inputs: {},
    push: async (registry) => [(await pushImage(registry, REPOSITORY)).digest],
  },
  {
    name: 'an index of 8 platforms, recursive',
    inputs: RECURSIVE,
    push: async (registry) => [await pushBareIndex(registry)],
  },
  {
    name: 'the same with 8 attestation manifests',
    inputs: RECURSIVE,
    push: async (registry) => [
      (await pushImage(registry, REPOSITORY, { platforms: EIGHT })).digest,
    ],
  },
  {
    name: '100 images in one repository',
    inputs: {},
    push: (registry) =>
      Promise.all(
        Array.from({ length: 100 }, async (_, number) => {
          const { digest } = await pushImage(registry, REPOSITORY, { content: `image ${number}` });
          return digest;
        }),
      ),
  },
];

export async function measureSigning(): Promise<readonly (readonly string[])[]> {
  const rows = [
    [`signing, ${DELAY} ms before every answer`, 'requests', 'certificates', 'wall', 'memory'],
  ];
  for (const scene of SCENES) rows.push([scene.name, ...(await measure(scene))]);
  return rows;
}

async function measure({ push, inputs }: Scene): Promise<readonly string[]> {
  const stage = await openStage();
  try {
    const images = stage.referencesOf(await push(stage.registry));
    await stage.delay(DELAY);
    const { answered, others, certificates, wall, memory } = await stage.run(
      'sign',
      images,
      inputs,
    );
    return [
      String(answered + others),
      String(certificates),
      `${wall} ms`,
      `${(memory / 1e6).toFixed(0)} MB`,
    ];
  } finally {
    await stage.close();
  }
}

/** As builders without attestations write an image. */
async function pushBareIndex(registry: PushTarget): Promise<string> {
  const platforms = await Promise.all(
    EIGHT.map((content) => pushImage(registry, REPOSITORY, { content })),
  );
  const manifests = platforms.map(({ digest, mediaType, bytes }) => ({
    mediaType,
    digest,
    size: bytes.length,
  }));
  const index = { schemaVersion: 2, mediaType: INDEX, manifests };
  return putManifest(registry, REPOSITORY, index, INDEX);
}
