// A file of Sigstore bundles: one as JSON, or one per line, as `gh attestation download` and mode sign write them.
import { BUNDLE_LIMIT } from '../model/bundle.ts';
import type { Parsed } from '../text/parsed.ts';

/** Bytes of one file. */
export const BUNDLE_FILE_LIMIT = 64 << 20;

export interface WrittenBundle {
  /** From 1; absent if the file is one bundle. */
  readonly line?: number;
  readonly json: Buffer;
}

/** The verifier decides whether each is a bundle; here it only has to be JSON. */
export function parseBundleFile(bytes: Buffer): Parsed<readonly WrittenBundle[]> {
  const text = bytes.toString();
  if (isJson(text)) return withinLimit([{ json: bytes }]);
  const lines = text.split('\n').flatMap((line, index): readonly WrittenBundle[] => {
    return line.trim() === '' ? [] : [{ line: index + 1, json: Buffer.from(line) }];
  });
  const broken = lines.find(({ json }) => !isJson(json.toString()));
  if (broken)
    return { problem: `line ${broken.line ?? 1} of it is not JSON`, remedy: ONE_PER_LINE };
  if (lines.length === 0) return { problem: 'it is empty', remedy: ONE_PER_LINE };
  return withinLimit(lines);
}

const ONE_PER_LINE =
  'pass a Sigstore bundle as JSON, or several with one per line, as "gh attestation download" writes them';

function withinLimit(bundles: readonly WrittenBundle[]): Parsed<readonly WrittenBundle[]> {
  if (bundles.every(({ json }) => json.length <= BUNDLE_LIMIT)) return { value: bundles };
  return {
    problem: `it has a bundle of over ${BUNDLE_LIMIT} bytes`,
    remedy: 'take that bundle out of the file',
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
