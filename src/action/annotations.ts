// The input `annotations`: pairs that are signed with the image, like `cosign sign -a`.
import type { Annotations } from '../model/claim.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';
import { linesOf, type Problems } from './problems.ts';

/** Characters of all pairs together: they are in every signature, and in the log. */
const LIMIT = 16 << 10;
const FORM = 'write one "key=value" a line';

type Pair = readonly [key: string, value: string];

/** Sorted by key, so that the same pairs give the same signature. */
export function parseAnnotations(text: string, problems: Problems): Annotations {
  const parsed = parsePairs(text);
  if (!isProblem(parsed)) return Object.fromEntries(parsed.value);
  problems.add('INPUT_INVALID', `Cannot use "annotations": ${parsed.problem}`, parsed.remedy);
  return {};
}

function parsePairs(text: string): Parsed<readonly Pair[]> {
  if (text.length > LIMIT)
    return {
      problem: `they have ${text.length} characters, over the limit of ${LIMIT}`,
      remedy: 'sign a document with "attestations" instead',
    };
  const pairs = new Map<string, string>();
  for (const line of linesOf(text)) {
    const pair = parsePair(line);
    if (isProblem(pair)) return pair;
    const [key, value] = pair.value;
    if (pairs.has(key)) return { problem: `"${key}" is there twice`, remedy: 'keep one of them' };
    pairs.set(key, value);
  }
  return { value: [...pairs].sort(([one], [other]) => (one < other ? -1 : 1)) };
}

function parsePair(line: string): Parsed<Pair> {
  const at = line.indexOf('=');
  if (at < 0) return malformed(line, 'has no "="');
  const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  if (key === '') return malformed(line, 'has no key');
  if (value === '') return malformed(line, 'has no value');
  // containers/image expects a number for this key and rejects a signature that has text.
  if (key === 'timestamp')
    return {
      problem: '"timestamp" is a number to Podman, which refuses a signature that has text there',
      remedy: 'choose another key; the time of the signature is in its log entry and timestamp',
    };
  return { value: [key, value] };
}

function malformed(line: string, state: string): Problem {
  return { problem: `"${line}" ${state}`, remedy: FORM };
}
