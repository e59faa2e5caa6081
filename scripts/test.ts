// Runs Jest; before that, warns if dist/ is not the build of the sources, bundles the sources once, because a bundle starts in a fraction of the time, and starts one process for all embedded services.
import { scratch } from '../lab/runner/scratch.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveLauncher } from '../lab/runner/launcher.ts';
import { writeResultsValidator } from '../lab/runner/results-validator.ts';
import { startHost } from '../lab/services/launch.ts';
import { bundle } from './bundle.ts';

const dist = join(import.meta.dirname, '../dist');

const JEST = join(import.meta.dirname, '../node_modules/jest/bin/jest.js');
const FLAGS = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  // A worker loads Jest for every file: with the small default, V8 collects that garbage too often.
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
];

const [built, services, launcher, validator] = await Promise.all([
  bundle(),
  startHost(),
  serveLauncher(),
  writeResultsValidator(),
]);
await warnOfStaleDist(built);
const shared = {
  ...process.env,
  COUNTERSIGN_SERVICES: services.url,
  COUNTERSIGN_LAUNCHER: String(launcher),
  COUNTERSIGN_VALIDATOR: validator,
};
// If both are run, the sources run without a bundle.
const env =
  process.env['COUNTERSIGN_SCENARIOS'] === 'both'
    ? shared
    : { ...shared, COUNTERSIGN_BUNDLE: join(await keep(built), 'index.js') };
const jest = spawn(process.execPath, [...FLAGS, JEST, ...process.argv.slice(2)], {
  env,
  stdio: 'inherit',
});
const [status] = (await once(jest, 'exit')) as [number | null];
process.exitCode = status ?? 1;

async function warnOfStaleDist(built: ReadonlyMap<string, string>): Promise<void> {
  const names = new Set([...built.keys(), ...(await readdir(dist))]);
  const stale: string[] = [];
  for (const name of names) {
    const committed = await readFile(join(dist, name), 'utf8').catch(() => undefined);
    if (committed !== built.get(name)) stale.push(name);
  }
  if (stale.length === 0) return;
  console.warn(
    `Warning: dist/ is not what the sources build: ${stale.join(', ')}\nTo fix: npm run build\n`,
  );
}

async function keep(built: ReadonlyMap<string, string>): Promise<string> {
  const directory = join(scratch, 'bundle');
  await mkdir(directory);
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }\n');
  for (const [name, content] of built) await writeFile(join(directory, name), content);
  return directory;
}
