// The probe for a process, as JavaScript: Node's compiler for TypeScript would add 20 MB to what is measured.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import type { Probed } from './probe.ts';

export interface Probe {
  /** An option for Node. */
  readonly option: string;
  readonly env: { readonly BENCH_PROBE: string };
  /** What the process reported at its end. */
  read(): Promise<Probed>;
}

export async function openProbe(scratch: string): Promise<Probe> {
  const source = await readFile(new URL('probe.ts', import.meta.url), 'utf8');
  const { code } = await transform(source, { loader: 'ts' });
  const script = join(scratch, 'probe.mjs');
  const report = join(scratch, 'probe.json');
  await writeFile(script, code);
  return {
    option: `--import ${pathToFileURL(script).href}`,
    env: { BENCH_PROBE: report },
    read: async () => JSON.parse(await readFile(report, 'utf8')) as Probed,
  };
}
