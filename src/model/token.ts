// The claims of GitHub's identity token: https://docs.github.com/actions/reference/security/oidc
import { isRecord, parseJson } from '../text/json.ts';
import type { Parsed } from '../text/parsed.ts';

export const CLAIM_NAMES = [
  'iss',
  'sub',
  'ref',
  'sha',
  'repository',
  'repository_id',
  'repository_owner_id',
  'repository_visibility',
  'workflow_ref',
  'workflow_sha',
  'job_workflow_ref',
  'event_name',
  'runner_environment',
  'run_id',
  'run_attempt',
] as const;

export type TokenClaims = Readonly<Record<(typeof CLAIM_NAMES)[number], string>>;

/** Reads a token's claims without verifying it: the certificate authority does that. The token is in no message. */
export function parseToken(token: string): Parsed<TokenClaims> {
  const payload = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  if (!isRecord(payload))
    return {
      problem: 'it is not a JSON Web Token',
      remedy: 'check which service answers at ACTIONS_ID_TOKEN_REQUEST_URL',
    };
  const missing = CLAIM_NAMES.filter((name) => typeof payload[name] !== 'string');
  if (missing.length > 0)
    return { problem: `it lacks ${missing.join(', ')}`, remedy: 'sign in a GitHub Actions job' };
  return {
    value: Object.fromEntries(CLAIM_NAMES.map((name) => [name, payload[name]])) as TokenClaims,
  };
}
