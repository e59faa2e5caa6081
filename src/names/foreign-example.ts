// A foreign identity that a pattern accepts, for the message that rejects the pattern.
import type { Pattern } from '../text/pattern.ts';
import { after, ALPHABET, closureOf, distancesToEnd, type Positions } from './walk.ts';

const WORKFLOW = 'mallory/app/.github/workflows/x.yml@refs/heads/main';
const FOREIGN: Readonly<Record<'identity' | 'issuer', readonly string[]>> = {
  identity: [`https://github.com/${WORKFLOW}`, 'mallory@gmail.com', 'mallory@mallory.example'],
  issuer: ['https://mallory.example'],
};
const FILLERS = ['-mallory', 'mallory', 'x', '-', '.mallory', 'mallory@mallory.example'];
const ENDS = [
  '/app/.github/workflows/x.yml@refs/heads/main',
  `.example/${WORKFLOW}`,
  '/.github/workflows/x.yml@refs/heads/main',
  '.example',
  '',
];
const LONGEST = 300;

/** An example is returned only if the pattern accepts it; undefined if none was found. */
export function foreignExample(
  pattern: Pattern,
  text: string,
  positions: Positions,
  part: 'identity' | 'issuer',
): string | undefined {
  const before = text.startsWith('@') ? `mallory${text}` : text;
  const distances = distancesToEnd(pattern.program, ALPHABET);
  const complete = (filler: string): string =>
    before + filler + completion(pattern, advance(pattern, positions, filler), distances);
  const guesses = [
    ...FOREIGN[part],
    ...FILLERS.flatMap((filler) => ENDS.map((end) => before + filler + end)),
    ...FILLERS.map(complete),
    before,
    complete(''),
    ...around(completion(pattern, startOf(pattern), distances)),
  ];
  return guesses.find((each) => pattern.accepts(each));
}

/** What the pattern requires, within names that another owner can choose. */
function around(text: string): readonly string[] {
  return [
    `https://github.com/mallory${text}${WORKFLOW}`,
    `https://github.com/mallory/${text}/${WORKFLOW}`,
    `mallory-${text}@mallory.example`,
    text,
  ];
}

function startOf({ program }: Pattern): Positions {
  return closureOf(program, [program.start]);
}

function advance(pattern: Pattern, positions: Positions, text: string): Positions {
  return Array.from(text).reduce(
    (reached, character) => after(pattern.program, reached.characters, character),
    positions,
  );
}

/** The shortest text that matches the rest of the pattern. */
function completion(
  { program }: Pattern,
  start: Positions,
  distances: ReadonlyMap<number, number>,
): string {
  let text = '';
  for (let place = start; !place.isEnd && text.length < LONGEST;) {
    const [nearest] = place.characters
      .filter(({ next }) => distances.has(next))
      .toSorted((a, b) => (distances.get(a.next) ?? 0) - (distances.get(b.next) ?? 0));
    const character = PREFERRED.find((each) => nearest?.takes(each.codePointAt(0) ?? 0));
    if (character === undefined) return text;
    text += character;
    place = after(program, place.characters, character);
  }
  return text;
}

const PREFERRED: readonly string[] = ['x', '/', '.', '@', ...ALPHABET];
