// The action, cosign and gh in a network with delays: requests, wall times, and the round trips of which each waits for the one before.
import { type Contender, manyVerifier, signers, verifiers } from './network/contenders.ts';
import { type Network, openNetwork, type Variant } from './network/services.ts';

/** Milliseconds by which every response is delayed. */
const DELAYS = [0, 50, 150];
const ROUNDS = 3;
/** Images. */
const MANY = 50;

const VARIANTS: readonly Variant[] = [
  { name: 'Referrers API', referrers: 'api', auth: 'none' },
  { name: 'Referrers API, token realm', referrers: 'api', auth: 'bearer' },
  { name: 'fallback tag', referrers: 'none', auth: 'none' },
  { name: 'fallback tag, token realm', referrers: 'none', auth: 'bearer' },
];

interface Scene {
  readonly contenders: readonly Contender[];
  /** The name of the image of one run, or names in lines. */
  readonly image: () => Promise<string>;
}

const SCENES: Readonly<Record<string, (network: Network) => Promise<Scene>>> = {
  sign: async (network) => ({
    contenders: await signers(network),
    image: () => network.push(0),
  }),
  'verify 1': (network) => verifying(network, 1),
  'verify 20': (network) => verifying(network, 20),
  [`verify ${MANY} images of a manifest`]: async (network) => {
    const images: string[] = [];
    for (let count = 0; count < MANY; count++) images.push(await network.push(1));
    return {
      contenders: [manyVerifier(network)],
      image: () => Promise.resolve(images.join('\n')),
    };
  },
};

/** Only rows whose name contains the text. */
export async function measureNetwork(only = ''): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [
    ['', '', 'requests', ...DELAYS.map((delay) => `${delay} ms`), 'round trips (slope)'],
  ];
  for (const variant of VARIANTS) {
    const chosen = Object.entries(SCENES)
      .map(([scene, open]) => ({ name: `${scene}, ${variant.name}`, open }))
      .filter(({ name }) => name.includes(only));
    if (chosen.length === 0) continue;
    const network = await openNetwork(variant);
    try {
      for (const { name, open } of chosen)
        rows.push(...(await measure(network, name, await open(network))));
    } finally {
      await network.stop();
    }
  }
  return rows;
}

async function verifying(network: Network, signatures: number): Promise<Scene> {
  const image = await network.push(signatures);
  return { contenders: await verifiers(network), image: () => Promise.resolve(image) };
}

/** In turn, so that a busy machine slows all of them; the fastest round of each counts. */
async function measure(
  network: Network,
  name: string,
  { contenders, image }: Scene,
): Promise<readonly (readonly string[])[]> {
  const walls = contenders.map(() => DELAYS.map(() => Infinity));
  const requests = contenders.map(() => 0);
  for (const [step, delay] of DELAYS.entries()) {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, { run }] of contenders.entries()) {
        if (!run) continue;
        network.delay(0);
        const reference = await image();
        await network.clear();
        network.delay(delay);
        const wall = await run(reference);
        const best = walls[index];
        if (best) best[step] = Math.min(best[step] ?? Infinity, wall);
        requests[index] = await network.requests();
      }
    }
  }
  return contenders.map((contender, index) => [
    name,
    contender.name,
    ...(contender.run ? cellsOf(requests[index] ?? 0, walls[index] ?? []) : ['not built']),
  ]);
}

function cellsOf(requests: number, walls: readonly number[]): readonly string[] {
  const [first = NaN, last = NaN] = [walls[0], walls.at(-1)];
  const slope = (last - first) / ((DELAYS.at(-1) ?? NaN) - (DELAYS[0] ?? NaN));
  return [String(requests), ...walls.map((wall) => wall.toFixed(0)), slope.toFixed(1)];
}
