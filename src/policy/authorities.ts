// What policies need to be evaluated, and which checks they leave out.
import type { KeyHolder } from '../model/identity.ts';
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import {
  type Alternative,
  type Authority,
  type KeyAuthority,
  type KeyLocation,
  nameOfRoots,
  type Policy,
  type Requirement,
  type Roots,
  type WrittenPolicy,
} from '../model/policy.ts';

export function authoritiesIn<Key>(policies: readonly Policy<Key>[]): readonly Authority<Key>[] {
  return policies.flatMap(requirementsFor).flatMap(({ anyOf }) => anyOf);
}

export function requirementsFor<Key>({ alternatives }: Policy<Key>): readonly Requirement<Key>[] {
  return alternatives.flatMap((each) => (each.kind === 'evidence' ? each.requirements : []));
}

export interface Needs<Key> {
  /** Roots whose certificates may sign. */
  readonly certificates: readonly Roots[];
  /** Roots whose logs and timestamp authorities are trusted for key signatures. */
  readonly witnesses: readonly Roots[];
  /** Roots that are named although no log entry or timestamp is required. */
  readonly unasked: readonly Roots[];
  /** The lists of trusted keys, each once. */
  readonly keys: readonly NonEmpty<Key>[];
}

/** The union of everything that the policies need; each policy says itself what it accepts. */
export function needsOf<Key>(policies: readonly Policy<Key>[]): Needs<Key> {
  const authorities = authoritiesIn(policies);
  const issuers = authorities.filter((each) => each.kind === 'keyless');
  const holders = authorities.filter((each) => each.kind === 'key');
  const rootsWhere = (witness: KeyAuthority['witness']): readonly Roots[] =>
    distinct(holders.filter((each) => each.witness === witness).map(({ roots }) => roots));
  return {
    certificates: distinct(issuers.map(({ roots }) => roots)),
    witnesses: rootsWhere('required'),
    unasked: rootsWhere('insecure-ignored'),
    keys: [...new Set(holders.map(({ keys }) => keys))],
  };
}

function distinct(roots: readonly Roots[]): readonly Roots[] {
  return [...new Map(roots.map((each) => [nameOfRoots(each), each])).values()];
}

/** The policies with the keys that were read from each list of locations. */
export function withKeys(
  policies: NonEmpty<WrittenPolicy>,
  holdersOf: (places: NonEmpty<KeyLocation>) => NonEmpty<KeyHolder>,
): NonEmpty<Policy> {
  const read = (authority: Authority<KeyLocation>): Authority =>
    authority.kind === 'key' ? { ...authority, keys: holdersOf(authority.keys) } : authority;
  return mapEach(policies, (policy) => ({
    ...policy,
    alternatives: mapEach(policy.alternatives, (alternative): Alternative =>
      alternative.kind === 'static'
        ? alternative
        : {
            ...alternative,
            requirements: mapEach(alternative.requirements, (requirement) => ({
              ...requirement,
              anyOf: mapEach(requirement.anyOf, read),
            })),
          },
    ),
  }));
}

/** Checks that the policies leave out, in words. */
export function insecureIn(policies: readonly Policy<unknown>[]): readonly string[] {
  const ignores = authoritiesIn(policies).some(
    (each) => each.kind === 'key' && each.witness === 'insecure-ignored',
  );
  const passing = policies.filter(({ alternatives }) =>
    alternatives.some((each) => each.kind === 'static' && each.action === 'pass'),
  );
  const unverified = passing.map(
    ({ name }) => `policy "${name}": "static: pass" accepts its images without verification`,
  );
  return ignores
    ? [
        ...unverified,
        'insecure-ignore-tlog: the time of signing is not verified, so a signature made with a stolen or retired key is accepted',
      ]
    : unverified;
}
