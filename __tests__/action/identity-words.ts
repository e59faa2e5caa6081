// Identities of a gate in words, so that tests compare lines.
import type { Environment } from '../../src/action/environment.ts';
import type { RawInputs } from '../../src/action/inputs.ts';
import { formatMatcher } from '../../src/model/matcher.ts';
import type { Identity } from '../../src/model/policy.ts';
import { authorityOf } from './given.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const GITHUB = 'https://github.com';
export const WORKFLOW = 'acme/ci/.github/workflows/build.yml';

/** Each identity as `issuer | rule matcher | …`, without GitHub's issuer. */
export async function identitiesOf(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Promise<readonly string[]> {
  const authority = await authorityOf(changes, environment);
  if (authority.kind !== 'keyless') return [];
  return authority.identities.map(inWords);
}

export function inWords({ issuer, rules }: Identity): string {
  return [
    ...(formatMatcher(issuer) === ISSUER ? [] : [formatMatcher(issuer)]),
    ...rules.map(({ name, matcher }) => `${name} ${formatMatcher(matcher)}`),
  ].join(' | ');
}
