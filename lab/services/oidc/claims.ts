// The claims of a GitHub Actions identity token, derived the way GitHub derives them from repository, ref and workflow.
import { randomUUID } from 'node:crypto';

export interface TokenSettings {
  issuer: string;
  /** Overrides; claims that follow from repository, ref, workflow_ref and environment follow the overridden ones. */
  claims: Readonly<Record<string, string | undefined>>;
  /** Replaces the requested audience. */
  audience?: string;
  /** Seconds from now until the token expires; a negative value creates an expired one. */
  expiresIn: number;
  /** `foreign` signs with a key that the JWKS does not list under that key ID. */
  signature: 'good' | 'foreign';
}

const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';

export function buildClaims(
  settings: TokenSettings,
  asked: string | null,
): Record<string, unknown> {
  const given = settings.claims;
  const repository = given['repository'] ?? 'acme/app';
  const owner = given['repository_owner'] ?? repository.split('/')[0];
  const ref = given['ref'] ?? 'refs/heads/main';
  const event = given['event_name'] ?? 'push';
  const sha = given['sha'] ?? SHA;
  const workflow = given['workflow_ref'] ?? `${repository}/.github/workflows/release.yml@${ref}`;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    jti: randomUUID(),
    sub: `repo:${repository}:${subjectContext(given['environment'], event, ref)}`,
    aud: settings.audience ?? asked ?? `https://github.com/${owner ?? ''}`,
    ref,
    sha,
    repository,
    repository_owner: owner,
    repository_owner_id: '2000002',
    run_id: '4242',
    run_number: '7',
    run_attempt: '1',
    repository_visibility: 'public',
    repository_id: '1000001',
    actor_id: '583231',
    actor: 'octocat',
    workflow: 'Release',
    head_ref: '',
    base_ref: '',
    event_name: event,
    ref_protected: 'true',
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    workflow_ref: workflow,
    workflow_sha: sha,
    job_workflow_ref: workflow,
    job_workflow_sha: sha,
    runner_environment: 'github-hosted',
    iss: settings.issuer,
    nbf: now - 600,
    exp: now + settings.expiresIn,
    iat: now,
  };
  return { ...claims, ...given };
}

function subjectContext(environment: string | undefined, event: string, ref: string): string {
  if (environment !== undefined) return `environment:${environment}`;
  return event === 'pull_request' ? 'pull_request' : `ref:${ref}`;
}
