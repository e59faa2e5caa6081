// Says once, before the tests run, that dist/ is not what the sources build; `.ci/run` fails on it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const dist = join(import.meta.dirname, '../dist');

const built = await bundle();
const committed = new Map(
  await Promise.all(
    (await readdir(dist)).map(async (name): Promise<[string, string]> => [
      name,
      await readFile(join(dist, name), 'utf8'),
    ]),
  ),
);
const stale = [...new Set([...built.keys(), ...committed.keys()])].filter(
  (name) => built.get(name) !== committed.get(name),
);
if (stale.length > 0) {
  console.warn(
    `Warning: dist/ is not what the sources build: ${stale.join(', ')}\nTo fix: npm run build\n`,
  );
}
