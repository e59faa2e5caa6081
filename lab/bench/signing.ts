// Signing steps by what they sign: requests, wall time with every response delayed, and memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '../runner/run-action.ts';
import { INDEX, pushImage, type PushTarget, putManifest } from '../services/image.ts';
import { startOidc, startRegistry, startSigstore } from '../services/start.ts';
import { openProbe } from './open-probe.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const REPOSITORY = 'acme/app';
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
  const [oidc, sigstore, registry, scratch] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startRegistry(),
    mkdtemp(join(tmpdir(), 'countersign-bench-')),
  ]);
  const services = [oidc, sigstore, registry];
  try {
    await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
    const { trustedRoot, signingConfigs } = await sigstore.writeTrust();
    const digests = await push(registry);
    const images = digests.map((digest) => `${registry.host}/${REPOSITORY}@${digest}`).join('\n');
    for (const service of services) {
      await service.clear();
      await service.fault({ path: '', action: { delay: DELAY } });
    }
    const probe = await openProbe(scratch);
    const { exit, log, milliseconds, temp } = await runAction({
      entry: 'dist',
      inputs: {
        mode: 'sign',
        images,
        'trusted-root': trustedRoot,
        sigstore: signingConfigs.rekor2,
        ...inputs,
      },
      env: {
        ...oidc.env,
        NODE_OPTIONS: probe.option,
        ...probe.env,
      },
    });
    await rm(dirname(temp), { recursive: true });
    if (exit !== 0) throw new Error(log);
    const seen = (await Promise.all(services.map((service) => service.requests()))).flat();
    // The certificate authority fetches the keys of the issuer itself.
    const requests = seen.filter(({ path }) => !path.includes('jwks'));
    const { most } = await probe.read();
    return [
      String(requests.length),
      String(requests.filter(({ server }) => server === 'fulcio').length),
      `${milliseconds} ms`,
      `${(most / 1e6).toFixed(0)} MB`,
    ];
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await rm(scratch, { recursive: true });
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
