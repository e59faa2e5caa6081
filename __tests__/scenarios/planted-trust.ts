// Files that an attacker may have put into the folder of the job before the gate runs: a TUF repository, complete or in parts.
import { cp, mkdir, mkdtemp, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type SigstoreHandle, startTuf } from '../../lab/services/start.ts';

export const TUF_HOST = 'tuf-repo-cdn.sigstore.dev';
/** The folder in which a gate could search for files of an earlier step. */
const FOLDER = 'countersign-tuf';
const TARGET = 'trusted_root.json';

export interface Plant {
  readonly name: string;
  /** The folder of the job. */
  readonly temp: string;
}

type Change = (cache: string, temp: string) => Promise<unknown>;

const CHANGES: readonly (readonly [string, Change])[] = [
  ['a complete foreign repository', () => Promise.resolve()],
  ['a foreign root', (cache) => emptied(cache, 'timestamp', 'snapshot', 'targets')],
  ['a foreign timestamp', (cache) => emptied(cache, 'root', 'snapshot', 'targets')],
  ['a foreign target', (cache) => emptied(cache, 'root', 'timestamp', 'snapshot', 'targets')],
  [
    'only a marker',
    (cache) =>
      emptied(cache, 'root', 'timestamp', 'snapshot', 'targets', join('targets', 'trusted_root')),
  ],
  ['truncated files', (cache) => truncate(join(cache, 'timestamp.json'), 100)],
  ['a symbolic link to a repository', (cache, temp) => linked(cache, join(temp, 'elsewhere'))],
  ['a symbolic link to a folder', (_, temp) => linked(join(temp, FOLDER), join(temp, 'elsewhere'))],
];

/** Everything that a client which trusts its cache would treat as a refreshed repository. */
export async function plantAll({ trustedRoot }: SigstoreHandle): Promise<readonly Plant[]> {
  const whole = await repositoryOf(JSON.stringify(trustedRoot));
  const planted = CHANGES.map(async ([name, change]): Promise<Plant> => {
    const temp = await mkdtemp(join(tmpdir(), 'planted-'));
    const cache = join(temp, FOLDER, TUF_HOST);
    await cp(whole, cache, { recursive: true });
    await change(cache, temp);
    return { name, temp };
  });
  const missing = {
    name: 'a folder that does not exist',
    temp: join(tmpdir(), 'there', 'is', 'none'),
  };
  return [...(await Promise.all(planted)), missing];
}

async function emptied(cache: string, ...names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => truncate(join(cache, `${name}.json`))));
}

async function linked(folder: string, elsewhere: string): Promise<void> {
  await rename(folder, elsewhere);
  await symlink(elsewhere, folder);
}

/** The layout of tuf-js's cache, with a marker that it was refreshed. */
async function repositoryOf(trustedRoot: string): Promise<string> {
  const tuf = await startTuf({ targets: { [TARGET]: trustedRoot } });
  const read = async (path: string): Promise<string> => (await fetch(`${tuf.url}/${path}`)).text();
  const timestamp = await read('timestamp.json');
  const snapshot = await read(`${versionIn(timestamp, 'snapshot.json')}.snapshot.json`);
  const targets = await read(`${versionIn(snapshot, 'targets.json')}.targets.json`);
  await tuf.stop();
  const files = {
    root: tuf.rootJson,
    timestamp,
    snapshot,
    targets,
    'targets/trusted_root': trustedRoot,
  };
  const folder = await mkdtemp(join(tmpdir(), 'evil-tuf-'));
  await mkdir(join(folder, 'targets'));
  await writeFile(join(folder, 'refreshed'), '');
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, `${name}.json`), text);
  return folder;
}

function versionIn(metadata: string, name: string): number {
  const { signed } = JSON.parse(metadata) as {
    signed: { meta: Record<string, { version: number }> };
  };
  return signed.meta[name]?.version ?? 0;
}
