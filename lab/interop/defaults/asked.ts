// How each case is passed to gh and cosign, and their expected results.
import { REF } from '../../peers/signer.ts';
import type { Asked, Expected } from './case.ts';

export const RELEASE = 'acme/app/.github/workflows/release.yml';
export const BUILDER = 'acme/builders/.github/workflows/build.yml';

export const V1 = 'refs/tags/v1';

export const MALLORY = 'refs/heads/mallory';

/** gh prints no more than this if the subject alternative name does not match. */
export const SAN_IN_GH = /verifying with issuer "countersign\.example"/;
export const SAN_IN_COSIGN = /expected SAN value/;

export const APP = ['--repo', 'acme/app'];
export const ACME = ['--owner', 'acme'];

export const BELOW_APP = [
  '--certificate-identity-regexp',
  '^https://github\\.com/acme/app/',
  '--certificate-github-workflow-repository',
  'acme/app',
];
export const BELOW_ACME = ['--certificate-identity-regexp', '^https://github\\.com/acme/'];

export function accepts(...flags: readonly string[]): Asked {
  return { flags, answer: 'accepts' };
}

export function refuses(refusal: RegExp, ...flags: readonly string[]): Asked {
  return { flags, answer: { refuses: refusal } };
}

export function identity(workflow: string, ref = REF): readonly string[] {
  return ['--certificate-identity', `https://github.com/${workflow}@${ref}`];
}

/** The rule in our finding. */
export function rule(name: string): Expected {
  return { refuses: new RegExp(`^rejected[^]* ${name}: expected `) };
}
