// The owners of the identities that a pattern accepts: the hosts, owners and mail domains that it spells out; a pattern without them is rejected.
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { Parsed, Problem } from '../text/parsed.ts';
import type { Pattern } from '../text/pattern.ts';
import { foreignExample } from './foreign-example.ts';
import {
  after,
  ALPHABET,
  type Characters,
  closureOf,
  distancesToEnd,
  type Positions,
  takes,
} from './walk.ts';

/** In lower case: the whole text, a prefix, or the domain of an email address. */
export type Owner =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'below'; readonly text: string; readonly rest: Positions }
  | { readonly kind: 'mail'; readonly domain: string };

/** `identity`: the host and the owner on it; `issuer`: the host. */
export type Part = 'identity' | 'issuer';

interface Place {
  readonly text: string;
  readonly positions: Positions;
}

const URL_START = /^[a-z][a-z0-9+.-]*:\/\//;
/** Characters that one position may accept before it counts as open. */
const WRITTEN_OUT = 4;
const MOST_OWNERS = 100;
const MOST_STEPS = 20_000;
/** Domains where anyone can have an address. */
const PUBLIC_MAIL = new Set([
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'icloud.com',
  'outlook.com',
  'proton.me',
  'users.noreply.github.com',
  'yahoo.com',
]);
/** Characters on either side of the `@`. */
const MAIL = ALPHABET.filter((each) => !'/:@'.includes(each));
/** Segments of the path that name the owner, if it is more than the first. */
const OWNER_SEGMENTS: Readonly<Record<string, number>> = { 'circleci.com': 4 };

export function ownersOf(pattern: Pattern, part: Part): Parsed<NonEmpty<Owner>> {
  const owners = new Map<string, Owner>();
  const { program } = pattern;
  const pending: Place[] = [{ text: '', positions: closureOf(program, [program.start]) }];
  let steps = 0;
  for (let place = pending.pop(); place; place = pending.pop()) {
    const owner = ownerAt(place, part);
    if (owner) owners.set(nameOf(owner), owner);
    if (owner?.kind === 'below') continue;
    const next = placesAfter(pattern, place, part);
    if (!next || owners.size > MOST_OWNERS || steps++ > MOST_STEPS || isPublic(owner))
      return refusal(pattern, place, part);
    pending.push(...next);
  }
  const found = [...owners.values()];
  return isNonEmpty(found)
    ? { value: found }
    : {
        problem: `no identity matches the pattern "${pattern.source}"`,
        remedy: 'write a pattern that matches whole identities',
      };
}

/** Whether the text belongs to one of them. */
export function isOwned(text: string, owners: NonEmpty<Owner>): boolean {
  const lower = text.toLowerCase();
  return owners.some((owner) => {
    if (owner.kind === 'mail') return mailDomainOf(lower) === owner.domain;
    return owner.kind === 'whole' ? lower === owner.text : lower.startsWith(owner.text);
  });
}

/** Undefined for text that is not an email address. */
export function mailDomainOf(text: string): string | undefined {
  return /^[^/:@\s]+@([^/:@\s]+)$/.exec(text)?.[1];
}

function nameOf(owner: Owner): string {
  return `${owner.kind} ${owner.kind === 'mail' ? owner.domain : owner.text}`;
}

function isPublic(owner: Owner | undefined): boolean {
  return owner?.kind === 'mail' && PUBLIC_MAIL.has(owner.domain);
}

function ownerAt({ text, positions }: Place, part: Part): Owner | undefined {
  if (isCompleteOwner(text, part)) return { kind: 'below', text, rest: positions };
  if (!positions.isEnd) return undefined;
  return text.startsWith('@') ? { kind: 'mail', domain: text.slice(1) } : { kind: 'whole', text };
}

function isCompleteOwner(text: string, part: Part): boolean {
  if (!URL_START.test(text) || !text.endsWith('/')) return false;
  const [scheme = '', , host = '', ...segments] = text.split('/');
  if (host === '') return false;
  if (part === 'issuer' || scheme === 'spiffe:') return true;
  return segments.length > (OWNER_SEGMENTS[host] ?? 1);
}

/** Every text that is one character longer; undefined if the pattern accepts too many. */
function placesAfter(
  pattern: Pattern,
  { text, positions: { characters } }: Place,
  part: Part,
): readonly Place[] | undefined {
  const { program } = pattern;
  const isOpen = (state: Characters): boolean =>
    ALPHABET.filter((each) => takes(state, each)).length > WRITTEN_OUT;
  const open = characters.filter(isOpen);
  const written = characters.filter((state) => !isOpen(state));
  const alphabet = text.includes('@') && !URL_START.test(text) ? MAIL : ALPHABET;
  const places = alphabet
    .filter((each) => written.some((state) => takes(state, each)))
    .map((each) => ({ text: text + each, positions: after(program, written, each) }));
  if (open.length === 0) return places;
  if (part === 'identity' && !URL_START.test(text) && !text.includes('@'))
    return [...places, ...afterLocalPart(pattern, open)];
  // An unescaped dot in a host is treated as a dot, and only there.
  const isInHost = /(?:\/\/|@)[a-z0-9.-]*[a-z0-9]$/.test(text);
  const dotted = open.filter((state) => takes(state, '.'));
  return isInHost && dotted.length === open.length
    ? [...places, { text: `${text}.`, positions: after(program, dotted, '.') }]
    : undefined;
}

/** The domain of an email address, whatever is before its only `@`. */
function afterLocalPart({ program }: Pattern, open: readonly Characters[]): readonly Place[] {
  const readable: Characters[] = [...open];
  const reached = new Set(open.map((state) => state.next));
  for (const start of reached) {
    const { characters } = closureOf(program, [start]);
    readable.push(...characters);
    for (const state of characters)
      if (MAIL.some((each) => takes(state, each))) reached.add(state.next);
  }
  const { characters, isEnd } = after(program, readable, '@');
  const distances = distancesToEnd(program, MAIL);
  const alive = characters.filter(({ next }) => distances.has(next));
  return alive.length > 0 ? [{ text: '@', positions: { characters: alive, isEnd } }] : [];
}

function refusal(pattern: Pattern, { text, positions }: Place, part: Part): Problem {
  const example = foreignExample(pattern, text, positions, part);
  const what = part === 'issuer' ? 'the host' : 'the host and the owner, or the domain of the mail';
  return {
    problem:
      example === undefined
        ? `the pattern "${pattern.source}" does not spell out ${what}`
        : `the pattern "${pattern.source}" would also accept "${example}"`,
    remedy: `spell out ${what}, and escape dots: ${EXAMPLES[part]}`,
  };
}

const EXAMPLES: Readonly<Record<Part, string>> = {
  identity: 'https://github\\.com/acme/.*, [^@]+@acme\\.com',
  issuer: 'https://token\\.actions\\.githubusercontent\\.com(/.*)?',
};
