// How many round trips of the built action wait for one another, from the time that a long delay of every response adds; fails where there are more than docs/performance.md says.
import { type Contender, signers, verifiers } from './network/contenders.ts';
import { type Network, openNetwork, type Variant } from './network/services.ts';

/** Milliseconds: half of it is more than what a busy machine adds to a run. */
const DELAY = 500;

interface Limits {
  readonly sign?: number;
  readonly verify: number;
}

/** A step that writes a fallback tag also waits for other writers. */
const VARIANTS: readonly (Variant & { readonly most: Limits })[] = [
  { name: 'Referrers API', referrers: 'api', auth: 'none', most: { sign: 6, verify: 3 } },
  {
    name: 'Referrers API, token realm',
    referrers: 'api',
    auth: 'bearer',
    most: { sign: 8, verify: 5 },
  },
  { name: 'fallback tag', referrers: 'none', auth: 'none', most: { verify: 3 } },
  {
    name: 'fallback tag, token realm',
    referrers: 'none',
    auth: 'bearer',
    most: { verify: 5 },
  },
];

/** Only rows whose name contains the text. */
export async function measureRoundTrips(only = ''): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [['', 'round trips', 'at most']];
  for (const { most, ...variant } of VARIANTS) {
    const network = await openNetwork(variant);
    const add = async (
      name: string,
      limit: number,
      contenders: (network: Network) => Promise<readonly Contender[]>,
      signatures: number,
    ): Promise<void> => {
      const row = `${name}, ${variant.name}`;
      if (!row.includes(only)) return;
      const [ours] = await contenders(network);
      if (!ours?.run) throw new RangeError('the action is not built');
      const count = await roundTrips(network, ours.run, signatures);
      rows.push([row, count.toFixed(1), String(limit)]);
      if (Math.round(count) > limit) process.exitCode = 1;
    };
    try {
      if (most.sign !== undefined) await add('sign', most.sign, signers, 0);
      await add('verify 1', most.verify, verifiers, 1);
      await add('verify 20', most.verify, verifiers, 20);
    } finally {
      await network.stop();
    }
  }
  return rows;
}

/** Each run has an image of its own. */
async function roundTrips(
  network: Network,
  run: (image: string) => Promise<number>,
  signatures: number,
): Promise<number> {
  const wallAt = async (delay: number): Promise<number> => {
    network.delay(0);
    const image = await network.push(signatures);
    network.delay(delay);
    return run(image);
  };
  const direct = await wallAt(0);
  return ((await wallAt(DELAY)) - direct) / DELAY;
}
