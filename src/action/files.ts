// Writes the bundles and results of a step to files that the runner removes after the job.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignedBundle } from '../model/bundle.ts';
import { hexOf } from '../model/digest.ts';
import { nameOfType } from '../model/types.ts';

/** `all` is JSON Lines, as `gh attestation verify --bundle` reads it; `files` has one file for each bundle, in their order. */
export async function keepBundles(
  temp: string,
  bundles: readonly SignedBundle[],
): Promise<{ readonly all: string; readonly files: readonly string[] }> {
  const directory = await mkdtemp(join(temp, 'countersign-'));
  const all = join(directory, 'bundles.jsonl');
  await writeFile(all, bundles.map(({ json }) => `${json.toString()}\n`).join(''));
  const files = await Promise.all(
    bundles.map(async ({ json, predicateType, subjects: [{ digest }] }) => {
      const file = join(
        directory,
        `${hexOf(digest).slice(0, 12)}-${nameOfType(predicateType).replaceAll(/[^\w.-]+/g, '-')}.sigstore.json`,
      );
      await writeFile(file, json);
      return file;
    }),
  );
  return { all, files };
}

/** The path of a JSON file with all results. */
export async function keepResults(temp: string, results: readonly object[]): Promise<string> {
  const file = join(await mkdtemp(join(temp, 'countersign-')), 'results.json');
  await writeFile(file, JSON.stringify(results));
  return file;
}
