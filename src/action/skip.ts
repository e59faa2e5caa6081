// When a step does not sign because the job cannot have an identity token: pull requests from forks and Dependabot, and the input `if-no-identity`.
import { needsToken, type TokenNeed } from '../model/request.ts';
import type { Skip, SkipReason } from '../model/skip.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

const IF_OWN =
  "if: github.event_name != 'pull_request' || (github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]')";

const SKIPS: Readonly<Record<SkipReason, Skip>> = {
  'fork-pull-request': {
    reason: 'fork-pull-request',
    message: 'Skipped signing: GitHub gives pull requests from forks no identity token',
    remedy: `add to the step: ${IF_OWN}`,
  },
  'dependabot-pull-request': {
    reason: 'dependabot-pull-request',
    message: 'Skipped signing: GitHub gives pull requests of Dependabot no identity token',
    remedy: `add to the step: ${IF_OWN}`,
  },
  'no-identity': {
    reason: 'no-identity',
    message: 'Skipped signing: this job is not allowed to request an identity token',
    remedy:
      'if it should sign, add "id-token: write" to the permissions of the job; otherwise skip the step, for example with: ' +
      "if: github.event_name != 'pull_request'",
  },
};

/** Undefined if the step signs, for example because it needs no token. */
export function parseSkip(
  { 'if-no-identity': choice }: RawInputs,
  wanted: TokenNeed,
  { event, identityToken }: Environment,
  problems: Problems,
): Skip | undefined {
  if (choice !== 'fail' && choice !== 'skip')
    problems.add(
      'INPUT_INVALID',
      `Cannot use "if-no-identity": "${choice}" is neither fail nor skip`,
      'write "fail" or "skip"',
    );
  if (!needsToken(wanted)) return undefined;
  if (event.stranger) return SKIPS[`${event.stranger}-pull-request`];
  return choice === 'skip' && identityToken === 'unavailable' ? SKIPS['no-identity'] : undefined;
}

/** A run for a fork has no secrets and cannot push: without a key the step will be skipped, and inputs that are empty for that reason are not a problem. */
export function isWithoutSecrets({ key }: RawInputs, { event }: Environment): boolean {
  return event.stranger !== undefined && key.trim() === '';
}

/** Without inputs that belong to an empty secret. */
export function withoutEmptySecrets(inputs: RawInputs, environment: Environment): RawInputs {
  if (!isWithoutSecrets(inputs, environment)) return inputs;
  const hasPassword = inputs['registry-password'] !== '';
  return {
    ...inputs,
    'key-password': '',
    'registry-username': hasPassword ? inputs['registry-username'] : '',
  };
}
