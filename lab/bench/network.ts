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
  readonly name: string;
  readonly contenders: readonly Contender[];
  /** The name of the image of one run, or names in lines. */
  readonly image: () => Promise<string>;
}

export async function measureNetwork(): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [
    ['', '', 'requests', ...DELAYS.map((delay) => `${delay} ms`), 'round trips (slope)'],
  ];
  for (const variant of VARIANTS) {
    const network = await openNetwork(variant);
    try {
      for (const scene of await scenesIn(network))
        rows.push(
          ...(await measure(network, { ...scene, name: `${scene.name}, ${variant.name}` })),
        );
    } finally {
      await network.stop();
    }
  }
  return rows;
}

async function scenesIn(network: Network): Promise<readonly Scene[]> {
  const scenes: Scene[] = [
    { name: 'sign', contenders: await signers(network), image: () => network.push(0) },
  ];
  for (const count of [1, 20]) {
    const image = await network.push(count);
    const name = `verify ${count}`;
    const contenders = await verifiers(network);
    scenes.push({ name, contenders, image: () => Promise.resolve(image) });
  }
  const images: string[] = [];
  for (let count = 0; count < MANY; count++) images.push(await network.push(1));
  scenes.push({
    name: `verify ${MANY} images of a manifest`,
    contenders: [manyVerifier(network)],
    image: () => Promise.resolve(images.join('\n')),
  });
  return scenes;
}

/** In turn, so that a busy machine slows all of them; the fastest round of each counts. */
async function measure(
  network: Network,
  { name, contenders, image }: Scene,
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
