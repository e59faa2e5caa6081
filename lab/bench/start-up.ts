// The cost of a step before its first request: the size of dist/, and an invalid input compared with an empty Node.
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../runner/run-action.ts';
import { inTurn, timeProcess } from './in-turn.ts';

const DIST = join(import.meta.dirname, '../../dist');
const ROUNDS = 31;

export async function measureStartUp(): Promise<readonly (readonly string[])[]> {
  const [wrong, empty] = await inTurn(ROUNDS, [wrongInput, await emptyNode()]);
  if (!wrong || !empty) throw new Error('Nothing was measured');
  return [
    ['before the first request', 'measured', 'compared with an empty Node'],
    ['all files of dist/', `${((await sizeOfDist()) / 2 ** 20).toFixed(2)} MiB`, ''],
    ['a step with an invalid input', `${wrong.wall.toFixed(0)} ms`, wrong.ratio.toFixed(2)],
    ['`node -e 0`', `${empty.wall.toFixed(0)} ms`, '1'],
  ];
}

async function wrongInput(): Promise<number> {
  const { exit, milliseconds } = await runAction({
    entry: 'dist',
    inputs: { mode: 'verify', images: 'ghcr.io/acme/app', require: '' },
  });
  if (exit !== 1) throw new Error(`A wrong input ended with ${exit}`);
  return milliseconds;
}

async function emptyNode(): Promise<() => Promise<number>> {
  const env = { PATH: process.env['PATH'], HOME: await mkdtemp(join(tmpdir(), 'bench-home-')) };
  return () => timeProcess(process.execPath, ['-e', '0'], { env });
}

async function sizeOfDist(): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(DIST)).map(async (file) => (await stat(join(DIST, file))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
