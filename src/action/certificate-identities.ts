// `certificate-identity` and `certificate-oidc-issuer`: literal values, and which identity belongs to which issuer.
import { parseSignerRef } from '../names/github-name.ts';
import { anyOf, exactly, type Matcher } from '../model/matcher.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import type { Identity } from '../model/policy.ts';
import type { RawInputs } from './inputs.ts';
import { linesOf, listOf, type Problems } from './problems.ts';

const PATTERN = /[*^\\]|\.\+|\$$/;
/** A comma may be part of a ref, so text is split only if it cannot be one identity. */
const SEVERAL = /\s|,https?:\/\/|^(?!.*:\/\/).*,/;
const WORKFLOW = /^(https:\/\/[^/]+\/[^/]+\/[^/]+\/\.github\/workflows\/[^@]+)(?:@(.*))?$/;

export function parseIssuers(text: string, problems: Problems): NonEmpty<string> {
  const issuers = listOf(text);
  for (const issuer of issuers.filter((each) => !URL.canParse(each) || each.includes('*'))) {
    problems.add(
      'INPUT_INVALID',
      `Cannot use "certificate-oidc-issuer": "${issuer}" is not a URL`,
      'write the issuer exactly as in the certificate; for GitHub Actions that is https://token.actions.githubusercontent.com',
    );
  }
  if (isNonEmpty(issuers)) return issuers;
  problems.add(
    'INPUT_UNSAFE',
    'Cannot verify: "certificate-oidc-issuer" is empty, which would accept any issuer',
    'remove "certificate-oidc-issuer" to use the issuer of GitHub Actions',
  );
  return [''];
}

/** Several identities and several issuers are pairs in their order; a single one is combined with all of the other. */
export function certificateIdentities(
  inputs: RawInputs,
  patterns: readonly Matcher[],
  issuers: NonEmpty<Matcher>,
  problems: Problems,
): NonEmpty<Identity> {
  const literal =
    inputs['certificate-identity'] === ''
      ? []
      : problems.takeEach(
          'certificate-identity',
          linesOf(inputs['certificate-identity']),
          parseIdentity,
        );
  const identities = [...literal.map((san) => exactly(san)), ...patterns];
  if (!isNonEmpty(identities)) return [identityOf(exactly(''), issuers)];
  if (identities.length === 1 || issuers.length === 1)
    return mapEach(identities, (san) => identityOf(san, issuers));
  if (identities.length !== issuers.length)
    problems.add(
      'INPUT_CONFLICT',
      `Cannot pair ${identities.length} values of "${nameOf('certificate-identity', inputs)}" with ${issuers.length} of "${nameOf('certificate-oidc-issuer', inputs)}"`,
      'write one issuer per identity, in the same order, or a single issuer for all',
    );
  return mapEach(identities, (san, position) => identityOf(san, [issuers[position] ?? issuers[0]]));
}

function nameOf(
  input: 'certificate-identity' | 'certificate-oidc-issuer',
  inputs: RawInputs,
): string {
  return inputs[`${input}-regexp`] === '' ? input : `${input}-regexp`;
}

function identityOf(san: Matcher, issuers: NonEmpty<Matcher>): Identity {
  return { issuer: anyOf(issuers), rules: [{ name: 'certificate-identity', matcher: san }] };
}

function parseIdentity(text: string): Parsed<string> {
  if (SEVERAL.test(text))
    return { problem: `"${text}" is not one identity`, remedy: 'write one identity per line' };
  if (PATTERN.test(text))
    return {
      problem: `"${text}" is a pattern, but identities are compared literally`,
      remedy:
        'write the full identity, or use "repository" or "owner" with "signer-workflow" and "source-ref", or "certificate-identity-regexp"',
    };
  const [, file, ref] = WORKFLOW.exec(text) ?? [];
  if (file === undefined) return { value: text };
  if (ref === undefined || ref === '')
    return {
      problem: `"${text}" has no ref, but certificates always include one`,
      remedy: `write "${file}@refs/heads/main", or use "signer-workflow" for any ref`,
    };
  const parsed = parseSignerRef(ref, file);
  return isProblem(parsed) ? parsed : { value: text };
}
