// Signatures that an earlier step of the job wrote to files, whether or not it could store them: a killed step leaves no other trace of them.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundBundle } from '../model/found.ts';
import { BUNDLE_FILE_LIMIT } from '../names/bundle-file.ts';
import { readBoundedFile } from '../text/bounded-file.ts';
import { isProblem } from '../text/parsed.ts';
import { ALL_BUNDLES, KEPT_IN } from './files.ts';

/** Files of earlier steps that are read, the newest first. */
const FILES = 20;

/** Empty if there is nothing, or nothing that can be read. */
export async function keptBefore(temp: string): Promise<readonly FoundBundle[]> {
  const names = await readdir(temp).catch(() => []);
  const files = names
    .filter((name) => name.startsWith(KEPT_IN))
    .map((name) => join(temp, name, ALL_BUNDLES));
  const dated = await Promise.all(files.map(withTime));
  const newest = dated.sort((a, b) => b.time - a.time).slice(0, FILES);
  const read = await Promise.all(newest.map(({ file }) => bundlesIn(file)));
  return read.flat();
}

async function withTime(file: string): Promise<{ readonly file: string; readonly time: number }> {
  const time = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return { file, time };
}

/** Each line is a bundle, byte for byte as it was or would have been stored. */
async function bundlesIn(file: string): Promise<readonly FoundBundle[]> {
  const bytes = await readBoundedFile(file, BUNDLE_FILE_LIMIT);
  if (isProblem(bytes)) return [];
  return bytes.value
    .toString()
    .split('\n')
    .map((line, index): FoundBundle => {
      return { source: 'file', place: `${file}, line ${index + 1}`, json: Buffer.from(line) };
    })
    .filter(({ json }) => json.length > 0);
}
