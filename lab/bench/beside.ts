// The whole gate compared with cosign and gh, on the same images and without any delay: each in its own process, run in turn.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle } from '../bundles/signing.ts';
import { statementAbout } from '../bundles/statement.ts';
import { findTool } from '../tools/build.ts';
import { type Gate, type Image, openGate } from './gate.ts';
import { inTurn, type Run, type Timed, timeProcess } from './in-turn.ts';

const ROUNDS = 15;
const ISSUER = 'https://token.actions.githubusercontent.com';
const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';

interface Peer {
  readonly name: string;
  /** Undefined if it was not built. */
  readonly accept: ((reference: string) => Promise<number>) | undefined;
}

export async function measureBeside(): Promise<readonly (readonly string[])[]> {
  const gate = await openGate();
  try {
    const peers = await findPeers(gate);
    const rows = [
      ['the whole gate, no delay', ...peers.flatMap(({ name }) => ['Countersign', name, 'ratio'])],
    ];
    for (const count of [1, 20]) rows.push(await rowFor(gate, count, peers));
    return rows;
  } finally {
    await gate.close();
  }
}

async function rowFor(gate: Gate, count: number, peers: readonly Peer[]): Promise<string[]> {
  const image = await gate.push(`${count} signatures`);
  await gate.attach(image, await signatures(gate, image, count), count);
  const ours: Run = async () => {
    const { exit, milliseconds } = await gate.run(image, {});
    if (exit !== 0) throw new Error(`The gate ended with ${exit}`);
    return milliseconds;
  };
  const cells: string[] = [];
  for (const { accept } of peers) {
    const others =
      accept === undefined ? [] : [(): Promise<number> => accept(gate.referenceOf(image))];
    const [own, other] = await inTurn(ROUNDS, [ours, ...others]);
    cells.push(wallOf(own), wallOf(other), other === undefined ? '' : ratioOf(own));
  }
  return [count === 1 ? '1 signature' : `${count} signatures`, ...cells];
}

function signatures(gate: Gate, { digest }: Image, count: number): Promise<readonly Buffer[]> {
  return Promise.all(
    Array.from({ length: count }, async () =>
      Buffer.from(
        JSON.stringify(await makeBundle(gate.instance, { payload: statementAbout(digest) })),
      ),
    ),
  );
}

/** `npm run interop` builds them. */
async function findPeers({ instance }: Gate): Promise<readonly Peer[]> {
  const home = await mkdtemp(join(tmpdir(), 'bench-home-'));
  const root = instance.trust.trustedRoot;
  // gh reads one root per line, and ignores a last line without a line feed.
  const lines = join(home, 'root.jsonl');
  await writeFile(lines, `${JSON.stringify(JSON.parse(await readFile(root, 'utf8')))}\n`);
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    GH_TOKEN: 'unused',
    GH_NO_UPDATE_NOTIFIER: '1',
  };
  const [cosign, gh] = await Promise.all([findTool('cosign-v3'), findTool('gh')]);
  const byCosign = (reference: string): readonly string[] => [
    'verify',
    '--trusted-root',
    root,
    '--certificate-identity-regexp',
    '^https://github.com/acme/app/',
    '--certificate-oidc-issuer',
    ISSUER,
    reference,
  ];
  const byGh = (reference: string): readonly string[] => [
    'attestation',
    'verify',
    `oci://${reference}`,
    '--repo',
    'acme/app',
    '--predicate-type',
    SIGNATURE,
    '--bundle-from-oci',
    '--custom-trusted-root',
    lines,
  ];
  const accept = (
    tool: string | undefined,
    args: (reference: string) => readonly string[],
  ): Peer['accept'] =>
    tool === undefined ? undefined : (reference) => timeProcess(tool, args(reference), { env });
  return [
    { name: 'cosign 3', accept: accept(cosign, byCosign) },
    { name: 'gh', accept: accept(gh, byGh) },
  ];
}

function wallOf(timed: Timed | undefined): string {
  return timed === undefined ? 'not built' : `${timed.wall.toFixed(0)} ms`;
}

function ratioOf(timed: Timed | undefined): string {
  return timed === undefined ? '' : timed.ratio.toFixed(2);
}
