// Many candidates of one image, all of which are verified: how long the event loop is blocked, and how much memory is used.
import { holderOf, newKind, pemOf } from '../bundles/keys.ts';
import { composeSignatureLayer, simpleSigning } from '../bundles/layer.ts';
import { endpointsOf, makeBundle } from '../bundles/signing.ts';
import { statementAbout, type StatementJson } from '../bundles/statement.ts';
import { toBytes } from '../bundles/bundle-json.ts';
import type { LogKind } from '../bundles/clients/propose.ts';
import { type Gate, type Image, openGate } from './gate.ts';
import { sbom } from './sbom.ts';

const COUNT = 500;
const ELSE = { repository: 'somebody/else' };

interface Scene {
  readonly name: string;
  /** Stores the candidates; returns the inputs of the gate. */
  readonly set: (gate: Gate, image: Image) => Promise<Readonly<Record<string, string>>>;
}

const SCENES: readonly Scene[] = [
  {
    name: `${COUNT} referrers that hold, signed in another repository`,
    async set(gate, image) {
      await gate.attach(image, await bundles(gate, statementAbout(image.digest)), COUNT);
      return ELSE;
    },
  },
  {
    name: `${COUNT} referrers that do not hold: of another image`,
    async set(gate, image) {
      await gate.attach(image, await bundles(gate, statementAbout()), COUNT);
      return {};
    },
  },
  {
    name: `${COUNT} layers in a .sig tag, by another key`,
    async set(gate, image) {
      const [by, other] = [holderOf(newKind()), holderOf(newKind())];
      const layers = Array.from({ length: COUNT }, (_, number) =>
        composeSignatureLayer(endpointsOf(gate.instance), {
          by,
          payload: simpleSigning(image.digest, { optional: { number } }),
          log: 'none',
        }),
      );
      await gate.attachLayers(image, await Promise.all(layers));
      return { key: pemOf(other), 'insecure-ignore-tlog': 'true' };
    },
  },
  {
    name: `${COUNT} referrers of 1 MiB, an SBOM in each`,
    async set(gate, image) {
      await gate.attach(
        image,
        await bundles(gate, { ...statementAbout(image.digest), predicate: sbom(0.75) }),
        COUNT,
      );
      return ELSE;
    },
  },
  {
    name: '8 referrers of 15 MiB, an SBOM in each',
    async set(gate, image) {
      await gate.attach(
        image,
        await bundles(gate, { ...statementAbout(image.digest), predicate: sbom(11.5) }),
        8,
      );
      return ELSE;
    },
  },
];

export async function measureCandidates(): Promise<readonly (readonly string[])[]> {
  const gate = await openGate();
  try {
    const rows: (readonly string[])[] = [
      [
        'candidates of one image',
        'verdict',
        'judged',
        'wall',
        'longest pause',
        'longest computing',
        'memory',
        'of it at the first request',
      ],
    ];
    for (const { name, set } of SCENES) {
      const image = await gate.push(name);
      const {
        verdict,
        bundles: judged,
        wall,
        pause,
        computing,
        most,
        first,
      } = await gate.judge(image, await set(gate, image));
      rows.push([
        name,
        verdict,
        String(judged),
        `${(wall / 1000).toFixed(1)} s`,
        `${pause.toFixed(0)} ms`,
        `${computing.toFixed(0)} ms`,
        megabytes(most),
        megabytes(first),
      ]);
    }
    return rows;
  } finally {
    await gate.close();
  }
}

/** One of each log. */
async function bundles({ instance }: Gate, payload: StatementJson): Promise<readonly Buffer[]> {
  const inLog = async (log: LogKind): Promise<Buffer> =>
    toBytes(await makeBundle(instance, { logs: [log], payload }));
  return [await inLog('Rekor v1 dsse 0.0.1'), await inLog('Rekor v2 hashedrekord 0.0.2')];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
