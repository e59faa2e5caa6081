// Writes dist/: what the sources build, and nothing else.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const dist = join(import.meta.dirname, '../dist');

const files = await bundle();
for (const [name, content] of files) await writeFile(join(dist, name), content);
const stale = (await readdir(dist)).filter((name) => !files.has(name));
for (const name of stale) await rm(join(dist, name), { recursive: true });
