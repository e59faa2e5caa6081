// Many candidates of one image, all of which are verified: how long the event loop is blocked, and how much memory is used.
import { generateKeyPairSync, sign } from 'node:crypto';
import { SIGNATURE_LAYER } from '../../src/cosign/layer.ts';
import { makeBundle, statement } from '../bundles/signing.ts';
import { type Gate, type Image, type Layer, openGate } from './gate.ts';
import { sbom } from './sbom.ts';

const COUNT = 500;
const ELSE = { repository: 'somebody/else' };

interface Scene {
  readonly name: string;
  /** Puts the candidates there; gives the inputs of the gate. */
  readonly set: (gate: Gate, image: Image) => Promise<Readonly<Record<string, string>>>;
}

const SCENES: readonly Scene[] = [
  {
    name: `${COUNT} referrers that hold, signed in another repository`,
    async set(gate, image) {
      await gate.attach(image, await bundles(gate, statement(image.digest)), COUNT);
      return ELSE;
    },
  },
  {
    name: `${COUNT} referrers that do not hold: of another image`,
    async set(gate, image) {
      await gate.attach(image, await bundles(gate, statement()), COUNT);
      return {};
    },
  },
  {
    name: `${COUNT} layers in a .sig tag, by another key`,
    async set(gate, image) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await gate.attachLayers(
        image,
        Array.from({ length: COUNT }, (_, number) =>
          signedLayer(image, number, (data) => sign('sha256', data, privateKey)),
        ),
      );
      return {
        key: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
        'insecure-ignore-tlog': 'true',
      };
    },
  },
  {
    name: `${COUNT} referrers of 1 MiB, an SBOM in each`,
    async set(gate, image) {
      await gate.attach(
        image,
        await bundles(gate, { ...statement(image.digest), predicate: sbom(0.75) }),
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
        await bundles(gate, { ...statement(image.digest), predicate: sbom(11.5) }),
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
async function bundles({ instance }: Gate, payload: object): Promise<readonly Buffer[]> {
  return Promise.all(
    (['v1', 'v2'] as const).map(async (log) =>
      Buffer.from(JSON.stringify(await makeBundle(instance, { log, payload }))),
    ),
  );
}

/** What `cosign sign --key --tlog-upload=false` of version 2 stores. */
function signedLayer({ digest }: Image, number: number, signWith: (data: Buffer) => Buffer): Layer {
  const blob = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'registry.example/acme/app' },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: { number },
    }),
  );
  return {
    mediaType: SIGNATURE_LAYER,
    blob,
    annotations: { 'dev.cosignproject.cosign/signature': signWith(blob).toString('base64') },
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
