// A signer: a workflow file, run for a repository, with a token of an issuer.
import { createHash } from 'node:crypto';

import type { Claims, Issuer, TokenRequest } from '../stack/issuer.ts';

export interface Signer {
  readonly issuer: Issuer;
  /** The source repository, which is the caller's when the workflow is a reusable one. */
  readonly repository: string;
  /** Owner, repository and path of the workflow file, in the form of `gh --signer-workflow`. */
  readonly workflow: string;
  /** Claims of the token that differ from those of a push to the main branch. */
  readonly claims?: Claims;
}

export const REF = 'refs/heads/main';
export const COMMIT = '5f2b9d0c1a7e4836b0d94e2f7c6a1538e9047bd2';

/** The SAN of the signer's certificates. */
export function identityOf({ workflow }: Signer): string {
  return `https://github.com/${workflow}@${REF}`;
}

export function tokenOf(signer: Signer): string {
  return signer.issuer.token(claimsOf(signer));
}

/** What distinguishes the environment of a job of this signer. */
export function jobOf(signer: Signer): TokenRequest & Readonly<Record<string, string>> {
  const { repository, repository_owner, workflow_ref, sha, ref } = claimsOf(signer);
  return {
    ...signer.issuer.job(claimsOf(signer)),
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository_owner,
    GITHUB_WORKFLOW_REF: workflow_ref,
    GITHUB_SHA: sha,
    GITHUB_REF: ref,
  };
}

type JobClaims = Claims &
  Readonly<Record<'repository' | 'repository_owner' | 'workflow_ref' | 'sha' | 'ref', string>>;

function claimsOf({ repository, workflow, claims }: Signer): JobClaims {
  const owner = repository.replace(/\/.*/, '');
  return {
    sub: `repo:${repository}:ref:${REF}`,
    repository,
    repository_id: idOf(repository),
    repository_owner: owner,
    repository_owner_id: idOf(owner),
    repository_visibility: 'public',
    ref: REF,
    ref_type: 'branch',
    sha: COMMIT,
    workflow: 'Publish',
    workflow_ref: `${repository}/.github/workflows/release.yml@${REF}`,
    workflow_sha: COMMIT,
    job_workflow_ref: `${workflow}@${REF}`,
    job_workflow_sha: COMMIT,
    event_name: 'push',
    runner_environment: 'github-hosted',
    actor: 'octocat',
    actor_id: '583231',
    run_id: '9000001',
    run_number: '12',
    run_attempt: '1',
    ...claims,
  };
}

/** GitHub assigns ids to names; here the id is derived from the name. */
export function idOf(name: string): string {
  return String(createHash('sha256').update(name).digest().readUInt32BE());
}
