// `certificate-identity-regexp` and `certificate-oidc-issuer-regexp`; the engine is loaded only if one of them is set.
import type { Matcher } from '../model/matcher.ts';
import { DEFAULTS, type RawInputs } from './inputs.ts';
import { linesOf, type Problems } from './problems.ts';

export interface Patterns {
  readonly identities: readonly Matcher[];
  readonly issuers: readonly Matcher[];
}

const PAIRS = ['certificate-identity', 'certificate-oidc-issuer'] as const;

export async function readPatterns(inputs: RawInputs, problems: Problems): Promise<Patterns> {
  for (const exact of PAIRS) {
    const isBoth = inputs[exact] !== DEFAULTS[exact] && inputs[exact] !== '';
    if (isBoth && inputs[`${exact}-regexp`] !== '')
      problems.add(
        'INPUT_CONFLICT',
        `Cannot combine "${exact}" with "${exact}-regexp": one is exact and the other a pattern`,
        `remove one of them; a pattern for an exact value is the value with "\\" before each dot`,
      );
  }
  return {
    identities: await readEach('certificate-identity-regexp', 'identity', inputs, problems),
    issuers: await readEach('certificate-oidc-issuer-regexp', 'issuer', inputs, problems),
  };
}

async function readEach(
  input: 'certificate-identity-regexp' | 'certificate-oidc-issuer-regexp',
  part: 'identity' | 'issuer',
  inputs: RawInputs,
  problems: Problems,
): Promise<readonly Matcher[]> {
  if (inputs[input] === '') return [];
  const { parseIdentityPattern } = await import('../names/identity-pattern.ts');
  return problems.takeEach(input, linesOf(inputs[input]), (source) =>
    parseIdentityPattern(source, part),
  );
}
