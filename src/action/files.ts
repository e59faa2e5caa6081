// Writes the bundles and results of a step to files that the runner removes after the job.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptBundle, SignedBundle } from '../model/bundle.ts';
import { type Digest, hexOf } from '../model/digest.ts';
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import { nameOfType } from '../model/types.ts';

export interface KeptBundles {
  /** Path of JSON Lines with every bundle, as `gh attestation verify --bundle` reads it. */
  readonly all: string;
  readonly bundles: NonEmpty<KeptBundle>;
}

export async function keepBundles(
  temp: string,
  signed: NonEmpty<SignedBundle>,
): Promise<KeptBundles> {
  const directory = await mkdtemp(join(temp, 'countersign-'));
  const all = join(directory, 'bundles.jsonl');
  await writeFile(all, signed.map(({ json }) => `${json.toString()}\n`).join(''));
  const bundles = await Promise.all(mapEach(signed, (bundle) => keepBundle(directory, bundle)));
  return { all, bundles };
}

async function keepBundle(directory: string, signed: SignedBundle): Promise<KeptBundle> {
  const file = join(directory, fileNameOf(signed));
  // Never over another: that would lose a signature which is in the log for ever.
  await writeFile(file, signed.json, { flag: 'wx' });
  return { signed, file };
}

/** `ed6174ccd09e-signature-3b1f0c9a52d4.sigstore.json`: the image, the type and the bundle itself. */
function fileNameOf({ id, predicateType, subjects: [{ digest }] }: SignedBundle): string {
  const type = nameOfType(predicateType).replaceAll(/[^\w.-]+/g, '-');
  return `${startOf(digest)}-${type}-${startOf(id)}.sigstore.json`;
}

function startOf(digest: Digest): string {
  return hexOf(digest).slice(0, 12);
}

/** The path of a JSON file with all results. */
export async function keepResults(temp: string, results: readonly object[]): Promise<string> {
  const file = join(await mkdtemp(join(temp, 'countersign-')), 'results.json');
  await writeFile(file, JSON.stringify(results));
  return file;
}
