// Rewrites JSON in forms that a reader could treat as equal, or that two readers could read differently.
import type { Chance } from './random.ts';

type Respelling = (json: string, random: Chance) => string;

const KEY = /"(\w+)":/g;

const RESPELLINGS: readonly [Respelling, ...Respelling[]] = [
  (json) => json,
  (json) => json,
  (json) => JSON.stringify(JSON.parse(json), null, 2),
  (json) => `\ufeff${json}`,
  (json) => `${json}{}`,
  (json, random) =>
    replaceOne(
      json,
      KEY,
      (key, name) =>
        key.replace(
          name,
          `\\u${(name.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}${name.slice(1)}`,
        ),
      random,
    ),
  // The same key again, before it: most readers use the last one, some the first.
  (json, random) => replaceOne(json, KEY, (key) => `${key}"AAAA",${key}`, random),
  (json, random) =>
    replaceOne(json, KEY, (key, name) => key.replace(name, name.toUpperCase()), random),
  (json, random) =>
    replaceOne(
      json,
      KEY,
      (key, name) =>
        key.replace(
          name,
          name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        ),
      random,
    ),
  (json, random) => replaceOne(json, /"(\d+)"/g, (_, digits) => `${digits}e0`, random),
];

export function respell(json: string, random: Chance): string {
  return random.pick(RESPELLINGS)(json, random);
}

function replaceOne(
  json: string,
  pattern: RegExp,
  replacement: (match: string, group: string) => string,
  random: Chance,
): string {
  const [first, ...others] = [...json.matchAll(pattern)];
  if (!first) return json;
  const { 0: match, 1: group = '', index } = random.pick([first, ...others]);
  return `${json.slice(0, index)}${replacement(match, group)}${json.slice(index + match.length)}`;
}
