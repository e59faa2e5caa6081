// Writes the bundles and results of a step to files that the runner removes after the job.
import { appendFile, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptBundle, SignedBundle } from '../model/bundle.ts';
import { type Digest, hexOf } from '../model/digest.ts';
import { nameOfType, SIMPLE_SIGNING_TYPE } from '../model/types.ts';

/** Prefix of the directories of all steps, and the file in them with every bundle. */
export const KEPT_IN = 'countersign-';
export const ALL_BUNDLES = 'bundles.jsonl';

export interface BundleFiles {
  readonly keep: (signed: SignedBundle) => Promise<KeptBundle>;
  /** The path of JSON Lines with these bundles, as `gh attestation verify --bundle` reads it; empty if there is none. */
  readonly keepAll: (bundles: readonly KeptBundle[]) => Promise<string>;
}

/** In a directory for this step, created for the first bundle. */
export function bundleFiles(temp: string): BundleFiles {
  let making: Promise<string> | undefined;
  const directory = (): Promise<string> => (making ??= mkdtemp(join(temp, KEPT_IN)));
  return {
    keep: async (signed) => keepBundle(await directory(), signed),
    keepAll: async (bundles) => keepAll(await directory(), bundles),
  };
}

/** Without layers of cosign v2: as bundles they have version 0.1, which gh does not read, and lack the payload. */
async function keepAll(directory: string, bundles: readonly KeptBundle[]): Promise<string> {
  const lines = bundles.flatMap(({ signed }) => (signed.layer ? [] : [lineOf(signed)]));
  if (lines.length === 0) return '';
  const file = join(directory, ALL_BUNDLES);
  // A step that is killed while it writes must leave the lines that are there.
  const next = join(directory, `${ALL_BUNDLES}.next`);
  await writeFile(next, lines.join(''));
  await rename(next, file);
  return file;
}

function lineOf({ json }: SignedBundle): string {
  return `${json.toString()}\n`;
}

async function keepBundle(directory: string, signed: SignedBundle): Promise<KeptBundle> {
  const file = join(directory, fileNameOf(signed));
  // Never overwrites a file: that would lose a signature that is in the log permanently.
  await writeFile(file, signed.json, { flag: 'wx' });
  const payload = payloadOf(signed);
  if (payload) await writeFile(`${file}.payload`, payload, { flag: 'wx' });
  // If this step is killed before it has verified all of them, a later step finds this one here.
  if (!signed.layer) await appendFile(join(directory, ALL_BUNDLES), lineOf(signed));
  return { signed, file };
}

/** The signed content that is not in the bundle: `cosign verify-blob` needs both. */
function payloadOf({ predicateType, layer }: SignedBundle): Buffer | undefined {
  return predicateType === SIMPLE_SIGNING_TYPE ? layer?.blob : undefined;
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
  const file = join(await mkdtemp(join(temp, KEPT_IN)), 'results.json');
  await writeFile(file, JSON.stringify(results));
  return file;
}
