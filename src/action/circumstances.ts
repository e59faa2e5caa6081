// The inputs that restrict how an image was built, independent of who signed it.
import { parseCommit, parseRefPattern } from '../names/refs.ts';
import { exactly, type Matcher } from '../model/matcher.ts';
import { isNonEmpty } from '../model/non-empty.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import type { Circumstance, CircumstanceName } from '../model/policy.ts';
import type { RawInputs } from './inputs.ts';
import { isTrue, linesOf, listOf, type Problems } from './problems.ts';

const CIRCUMSTANCE_INPUTS = [
  'source-ref',
  'source-digest',
  'signer-digest',
  'event',
  'environment',
  'deny-self-hosted-runners',
] as const satisfies readonly CircumstanceName[];

/** Everything that is required of a certificate. */
export const CERTIFICATE_INPUTS = [
  'repository',
  'owner',
  'signer-workflow',
  ...CIRCUMSTANCE_INPUTS,
  'certificate-identity',
  'certificate-identity-regexp',
  'certificate-oidc-issuer',
  'certificate-oidc-issuer-regexp',
] as const;

/** Runs for pull requests, which may build unmerged code. */
const PROPOSALS: Circumstance = {
  name: 'event',
  matcher: { kind: 'none-of', values: ['pull_request', 'pull_request_target'] },
};

export function parseCircumstances(inputs: RawInputs, problems: Problems): readonly Circumstance[] {
  const any = (
    name: CircumstanceName,
    itemsOf: (text: string) => readonly string[],
    parse: (item: string) => Parsed<Matcher>,
  ): readonly Circumstance[] => {
    if (inputs[name] === '') return [];
    const matchers = problems.takeEach(name, itemsOf(inputs[name]), parse);
    return isNonEmpty(matchers) ? [{ name, matcher: { kind: 'any-of', matchers } }] : [];
  };
  return [
    ...any('source-ref', linesOf, parseRefPattern),
    ...any('source-digest', listOf, parseDigest),
    ...any('signer-digest', listOf, parseDigest),
    ...any('event', listOf, parseEvent),
    ...any('environment', linesOf, (name) => ({ value: exactly(name) })),
    ...(isTrue('deny-self-hosted-runners', inputs, problems)
      ? [{ name: 'deny-self-hosted-runners', matcher: exactly('github-hosted') } as const]
      : []),
  ];
}

/** The default for runs on GitHub if no event is named. */
export function withoutProposals(circumstances: readonly Circumstance[]): readonly Circumstance[] {
  const isNamed = circumstances.some(({ name }) => name === 'event');
  return isNamed ? circumstances : [PROPOSALS, ...circumstances];
}

function parseDigest(text: string): Parsed<Matcher> {
  const commit = parseCommit(text);
  return isProblem(commit) ? commit : { value: exactly(commit.value) };
}

function parseEvent(text: string): Parsed<Matcher> {
  return /^[a-z][a-z0-9_]*$/.test(text)
    ? { value: exactly(text) }
    : {
        problem: `"${text}" is not an event name`,
        remedy: 'use the names of workflow triggers: push, workflow_dispatch, pull_request',
      };
}
