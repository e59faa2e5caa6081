// The file at the runner's $GITHUB_ARTIFACTS_LIST: what earlier steps of the job declared in $GITHUB_ARTIFACTS.
// https://github.com/actions/runner/pull/4527
import type { PinnedReference } from '../model/reference.ts';
import { isRecord } from '../text/json.ts';
import { objectIn } from '../text/json-object.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { parsePinnedImage } from './pinned-image.ts';

/** Bytes: the runner lists at most 500 artifacts. */
export const ARTIFACTS_LIST_LIMIT = 4 << 20;
const VERSION = 1;
/** Commas and brackets; an artifact has four. */
const VALUES = 10_000;
const REMEDY = 'name the images in "images"';

/** The images in it, without the files; empty if the file is empty, as it is when the feature is disabled. */
export function parseArtifactsList(bytes: Uint8Array): Parsed<readonly PinnedReference[]> {
  if (bytes.every(isWhiteSpace)) return { value: [] };
  const parsed = objectIn(parseStrictJson(bytes, VALUES), bytes, REMEDY);
  if (isProblem(parsed)) return parsed;
  const { version, subjects } = parsed.value;
  if (version !== VERSION)
    return refused(`its version is ${JSON.stringify(version ?? null)}, not ${VERSION}`);
  if (!Array.isArray(subjects)) return refused('it has no list of subjects');
  const images: PinnedReference[] = [];
  for (const subject of subjects as unknown[]) {
    const parsedSubject = imagesIn(subject);
    if (isProblem(parsedSubject)) return parsedSubject;
    images.push(...parsedSubject.value);
  }
  return { value: images };
}

function imagesIn(subject: unknown): Parsed<readonly PinnedReference[]> {
  if (!isRecord(subject)) return refused('a subject in it is not an object');
  const { name, digest, kind } = subject;
  if (typeof name !== 'string' || typeof digest !== 'string')
    return refused('a subject in it has no name or no digest');
  if (kind === 'file') return { value: [] };
  if (kind !== 'oci')
    return refused(
      `"${name}" in it is of the kind ${JSON.stringify(kind ?? null)}, neither oci nor file`,
    );
  const image = parsePinnedImage(name, digest);
  return isProblem(image)
    ? { problem: `the image "${name}" in it: ${image.problem}`, remedy: REMEDY }
    : { value: [image.value] };
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function refused(problem: string): Problem {
  return { problem, remedy: REMEDY };
}
