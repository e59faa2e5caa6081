// A regular expression for certificate identities or issuers: it must match completely, and must spell out the owner.
import type { Matcher } from '../model/matcher.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { parsePattern, type Pattern, type Program } from '../text/pattern.ts';
import { isOwned, type Owner, ownersOf, type Part } from './pattern-owners.ts';
import { ALPHABET, closureOf, distancesToEnd, type Positions, takes } from './walk.ts';

/** Identities on these hosts name a file at a ref: `…/release.yml@refs/heads/main`. */
const WITH_REF = /^https:\/\/(github\.com|gitlab\.com|[^/]+\.ghe\.com)\//;

export function parseIdentityPattern(source: string, part: Part): Parsed<Matcher> {
  const pattern = parsePattern(source);
  if (isProblem(pattern)) return pattern;
  const owners = ownersOf(pattern.value, part);
  if (isProblem(owners)) return owners;
  if (part === 'identity' && owners.value.every((owner) => lacksRef(owner, pattern.value)))
    return {
      problem: `the pattern "${source}" matches no identity: it must match the whole text, and has no place for "@" and the ref`,
      remedy: 'add what follows: "/.*" for every workflow at every ref',
    };
  return {
    value: {
      kind: 'pattern',
      source,
      accepts: (text) => isOwned(text, owners.value) && pattern.value.accepts(text),
    },
  };
}

function lacksRef(owner: Owner, { program }: Pattern): boolean {
  if (owner.kind === 'mail' || !WITH_REF.test(`${owner.text}/`)) return false;
  return owner.kind === 'whole' ? !owner.text.includes('@') : !mayContainAt(program, owner.rest);
}

function mayContainAt(program: Program, { characters }: Positions): boolean {
  const distances = distancesToEnd(program, ALPHABET);
  const readable = [...characters];
  const reached = new Set<number>();
  for (const state of readable) {
    if (takes(state, '@') && distances.has(state.next)) return true;
    if (reached.has(state.next)) continue;
    reached.add(state.next);
    readable.push(...closureOf(program, [state.next]).characters);
  }
  return false;
}
