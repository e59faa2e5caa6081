// Values in a predicate, which can have any shape.
import type { RunFact, RunFactName } from '../model/provenance.ts';
import { isRecord } from '../text/json.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Characters: a predicate may contain megabytes in place of a name, and values are copied to outputs. */
const LONGEST = 300;
const NOTHING: Json = {};

/** An empty object if there is none. */
export function recordAt(json: Json, ...path: readonly string[]): Json {
  return path.reduce<Json>((parent, name) => {
    const value = ownOf(parent, name);
    return isRecord(value) ? value : NOTHING;
  }, json);
}

export function recordsAt(json: Json, name: string): readonly Json[] {
  const value = ownOf(json, name);
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
}

/** Some builders write ids as numbers; an empty text states nothing. */
export function textAt(json: Json, name: string): string | undefined {
  const value = ownOf(json, name);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}

/** A fact, if it is present. */
export function fact(name: RunFactName, value: string | undefined): readonly RunFact[] {
  return value === undefined ? [] : [{ name, value }];
}

/** The parts of `git+https://github.com/acme/app@refs/heads/main`. Only the first "@" separates repository and ref: a tag may be named "@acme/app@1.0.0". */
export function gitFacts(uri: string | undefined, commit: string | undefined): readonly RunFact[] {
  const [, repository, ref] = /^git\+(https:\/\/[^@]+)(?:@(.+))?$/.exec(uri ?? '') ?? [];
  if (repository === undefined) return [];
  return [...fact('repository', repository), ...fact('ref', ref), ...fact('commit', commit)];
}

function ownOf(json: Json, name: string): unknown {
  return Object.hasOwn(json, name) ? json[name] : undefined;
}
