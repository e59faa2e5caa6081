// Who is let in: the cases in which gates surprise people, among ordinary ones.
import { COMMIT, REF } from '../../peers/signer.ts';
import type { Asked, Case, Expected } from './case.ts';

const RELEASE = 'acme/app/.github/workflows/release.yml';
const BUILDER = 'acme/builders/.github/workflows/build.yml';
const OTHER_COMMIT = '0123456789abcdef0123456789abcdef01234567';
const V1 = 'refs/tags/v1';

const PULL_REQUEST = {
  event_name: 'pull_request',
  ref: 'refs/pull/7/merge',
  job_workflow_ref: `${RELEASE}@refs/pull/7/merge`,
};
const MALLORY = 'refs/heads/mallory';
const BY_BUILDER = { job_workflow_ref: `${BUILDER}@${V1}`, ref: MALLORY };

/** gh says no more than this where the subject alternative name does not match. */
const SAN_IN_GH = /verifying with issuer "countersign\.example"/;
const SAN_IN_COSIGN = /expected SAN value/;

const APP = ['--repo', 'acme/app'];
const ACME = ['--owner', 'acme'];
const BELOW_APP = [
  '--certificate-identity-regexp',
  '^https://github\\.com/acme/app/',
  '--certificate-github-workflow-repository',
  'acme/app',
];
const BELOW_ACME = ['--certificate-identity-regexp', '^https://github\\.com/acme/'];

function accepts(...flags: readonly string[]): Asked {
  return { flags, answer: 'accepts' };
}

function refuses(refusal: RegExp, ...flags: readonly string[]): Asked {
  return { flags, answer: { refuses: refusal } };
}

function identity(workflow: string, ref = REF): readonly string[] {
  return ['--certificate-identity', `https://github.com/${workflow}@${ref}`];
}

/** The rule that a finding of ours names. */
function rule(name: string): Expected {
  return { refuses: new RegExp(`^rejected[^]* ${name}: expected `) };
}

export const cases: readonly Case[] = [
  {
    signed: 'release.yml of acme/app, push to main',
    inputs: {},
    ours: 'accepts',
    gh: accepts(...APP),
    cosign: accepts(...BELOW_APP),
    because: 'the purpose of the default; cosign has no default and is given a pattern',
  },
  {
    signed: 'release.yml of acme/app, push to main',
    inputs: { 'signer-workflow': `${RELEASE}@${REF}`, 'source-ref': REF },
    ours: 'accepts',
    gh: accepts(...APP, '--signer-workflow', `${RELEASE}@${REF}`, '--source-ref', REF),
    cosign: accepts(...identity(RELEASE), '--certificate-github-workflow-ref', REF),
    because: 'every identity input is set',
  },
  {
    signed: 'release.yml of acme/app, push to another branch',
    claims: { ref: MALLORY, job_workflow_ref: `${RELEASE}@${MALLORY}` },
    inputs: { 'signer-workflow': RELEASE },
    ours: 'accepts',
    gh: accepts(...APP, '--signer-workflow', RELEASE),
    cosign: accepts('--certificate-identity-regexp', `^https://github\\.com/${RELEASE}@`),
    because: 'without a ref, any branch may sign: add one, or `source-ref`',
  },
  {
    signed: 'release.yml of acme/app, pull request',
    claims: PULL_REQUEST,
    inputs: {},
    ours: rule('event'),
    gh: accepts(...APP),
    cosign: accepts(...BELOW_APP),
    because: 'the code is not merged; gh and cosign identities ignore the event',
  },
  {
    signed: 'release.yml of acme/app, pull request',
    claims: PULL_REQUEST,
    inputs: { event: 'pull_request' },
    ours: 'accepts',
    gh: accepts(...APP),
    cosign: accepts(...BELOW_APP, '--certificate-github-workflow-trigger', 'pull_request'),
    because: 'required by the input',
  },
  {
    signed: 'release.yml of acme/app on main, `pull_request_target`',
    claims: { event_name: 'pull_request_target' },
    inputs: { 'signer-workflow': `${RELEASE}@${REF}` },
    ours: rule('event'),
    gh: accepts(...APP, '--signer-workflow', `${RELEASE}@${REF}`),
    cosign: accepts(...identity(RELEASE)),
    because: 'it runs on main but may have built the code of the pull request',
  },
  {
    signed: 'release.yml of acme/app on main, `pull_request_target`',
    claims: { event_name: 'pull_request_target' },
    inputs: { 'certificate-identity': `https://github.com/${RELEASE}@${REF}` },
    ours: 'accepts',
    gh: accepts(...APP, '--cert-identity', `https://github.com/${RELEASE}@${REF}`),
    cosign: accepts(...identity(RELEASE)),
    because: 'a literal identity is not restricted further, as in cosign',
  },
  {
    signed: 'release.yml of acme/app on main, `pull_request_target`',
    claims: { event_name: 'pull_request_target' },
    inputs: { event: 'push' },
    ours: rule('event'),
    gh: 'no flag',
    cosign: refuses(
      /GithubWorkflowTrigger/,
      ...BELOW_APP,
      '--certificate-github-workflow-trigger',
      'push',
    ),
    because: 'another event than required',
  },
  {
    signed: 'builder of acme/builders at v1, called on a branch of acme/app',
    claims: BY_BUILDER,
    inputs: { repository: 'acme/app', 'signer-workflow': `${BUILDER}@${V1}` },
    ours: 'accepts',
    gh: accepts(...APP, '--signer-workflow', `${BUILDER}@${V1}`),
    cosign: accepts(
      ...identity(BUILDER, V1),
      '--certificate-github-workflow-repository',
      'acme/app',
    ),
    because: 'the ref of a builder does not restrict what it built: add `source-ref`',
  },
  {
    signed: 'builder of acme/builders at v1, called on a branch of acme/app',
    claims: BY_BUILDER,
    inputs: { repository: 'acme/app', 'signer-workflow': `${BUILDER}@${V1}`, 'source-ref': REF },
    ours: rule('source-ref'),
    gh: refuses(
      /expected SourceRepositoryRef/,
      ...APP,
      '--signer-workflow',
      `${BUILDER}@${V1}`,
      '--source-ref',
      REF,
    ),
    cosign: refuses(
      /GithubWorkflowRef/,
      ...identity(BUILDER, V1),
      '--certificate-github-workflow-ref',
      REF,
    ),
    because: 'another ref than required',
  },
  {
    signed: 'release.yml of acme/app, tag v1.2.3',
    claims: { ref: 'refs/tags/v1.2.3', job_workflow_ref: `${RELEASE}@refs/tags/v1.2.3` },
    inputs: { 'source-ref': 'refs/tags/v*' },
    ours: 'accepts',
    gh: refuses(/expected SourceRepositoryRef/, ...APP, '--source-ref', 'refs/tags/v*'),
    cosign: refuses(
      /GithubWorkflowRef/,
      ...BELOW_APP,
      '--certificate-github-workflow-ref',
      'refs/tags/v*',
    ),
    because: 'releases have many tags; gh and cosign accept only one full ref',
  },
  {
    signed: 'release.yml of acme/app, push to main',
    inputs: { 'source-digest': OTHER_COMMIT },
    ours: rule('source-digest'),
    gh: refuses(/expected SourceRepositoryDigest/, ...APP, '--source-digest', OTHER_COMMIT),
    cosign: refuses(
      /GithubWorkflowSHA/,
      ...BELOW_APP,
      '--certificate-github-workflow-sha',
      OTHER_COMMIT,
    ),
    because: 'another commit than required',
  },
  {
    signed: 'builder of acme/builders at a commit, for acme/app',
    claims: { job_workflow_ref: `${BUILDER}@${OTHER_COMMIT}`, job_workflow_sha: OTHER_COMMIT },
    inputs: { repository: 'acme/app', 'signer-workflow': BUILDER },
    ours: 'accepts',
    gh: accepts(...APP, '--signer-workflow', BUILDER),
    cosign: accepts('--certificate-identity-regexp', `^https://github\\.com/${BUILDER}@`),
    because: 'without a ref, any commit may sign, even one that is on no branch: pin the builder',
  },
  {
    signed: 'builder of acme/builders at a commit, for acme/app',
    claims: { job_workflow_ref: `${BUILDER}@${OTHER_COMMIT}`, job_workflow_sha: OTHER_COMMIT },
    inputs: { repository: 'acme/app', 'signer-workflow': BUILDER, 'signer-digest': COMMIT },
    ours: rule('signer-digest'),
    gh: refuses(
      /expected BuildSignerDigest/,
      ...APP,
      '--signer-workflow',
      BUILDER,
      '--signer-digest',
      COMMIT,
    ),
    cosign: 'no flag',
    because: 'another commit of the builder than required',
  },
  {
    signed: 'release.yml of acme/app, self-hosted runner',
    claims: { runner_environment: 'self-hosted' },
    inputs: {},
    ours: 'accepts',
    gh: accepts(...APP),
    cosign: accepts(...BELOW_APP),
    because: 'many projects build on self-hosted runners; anyone with access to these can sign',
  },
  {
    signed: 'release.yml of acme/app, self-hosted runner',
    claims: { runner_environment: 'self-hosted' },
    inputs: { 'deny-self-hosted-runners': 'true' },
    ours: rule('deny-self-hosted-runners'),
    gh: refuses(SAN_IN_GH, ...APP, '--deny-self-hosted-runners'),
    cosign: 'no flag',
    because: 'required by the input',
  },
  {
    signed: 'another acme/app, with other numeric ids',
    claims: { repository_id: '666', repository_owner_id: '667' },
    inputs: {},
    ours: { refuses: /^rejected[^]* repository-id: expected [^]* owner-id: expected / },
    gh: accepts(...APP),
    cosign: accepts(...BELOW_APP),
    because: 'a released name can be taken over; gh and cosign compare only names',
  },
  {
    signed: 'another acme/app, with other numeric ids',
    claims: { repository_id: '666', repository_owner_id: '667' },
    inputs: { repository: 'acme/app' },
    ours: 'accepts',
    gh: accepts(...APP),
    cosign: accepts(...BELOW_APP),
    because: 'inputs contain only names; the runner provides ids only for its own repository',
  },
  {
    signed: 'workflow of mallory, called by acme/app',
    claims: { job_workflow_ref: `mallory/wf/.github/workflows/x.yml@${REF}` },
    inputs: { repository: 'acme/app' },
    ours: rule('signer-workflow'),
    gh: refuses(SAN_IN_GH, ...APP),
    cosign: refuses(SAN_IN_COSIGN, ...BELOW_APP),
    because: 'a workflow from elsewhere may sign only if `signer-workflow` names it',
  },
  {
    signed: 'workflow of mallory, called by acme/app',
    claims: { job_workflow_ref: `mallory/wf/.github/workflows/x.yml@${REF}` },
    inputs: { owner: 'acme' },
    ours: rule('signer-workflow'),
    gh: refuses(SAN_IN_GH, ...ACME),
    cosign: refuses(SAN_IN_COSIGN, ...BELOW_ACME),
    because: 'the same for an owner',
  },
  {
    signed: 'builder of acme/builders, called by acme/app',
    claims: { job_workflow_ref: `${BUILDER}@${V1}` },
    inputs: { owner: 'acme' },
    ours: 'accepts',
    gh: accepts(...ACME),
    cosign: accepts(...BELOW_ACME),
    because: 'both repositories belong to that owner',
  },
  {
    signed: 'release.yml of acme/app, called by mallory/app',
    repository: 'mallory/app',
    inputs: { 'signer-workflow': RELEASE },
    ours: rule('repository'),
    gh: refuses(/expected SourceRepositoryOwnerURI/, ...ACME, '--signer-workflow', RELEASE),
    cosign: accepts(...identity(RELEASE)),
    because: 'anyone can call a reusable workflow; cosign compares only the name of the workflow',
  },
  {
    signed: 'workflow of acme/db, called by acme/app',
    claims: { job_workflow_ref: `acme/db/.github/workflows/x.yml@${REF}` },
    inputs: { repository: 'acme/app\nacme/db' },
    ours: rule('signer-workflow'),
    gh: refuses(SAN_IN_GH, ...APP),
    cosign: accepts('--certificate-identity-regexp', '^https://github\\.com/acme/(app|db)/'),
    because: 'each repository needs its own workflows; gh accepts only one, a pattern mixes them',
  },
  {
    signed: 'release.yml of Acme/App',
    repository: 'Acme/App',
    workflow: 'Acme/App/.github/workflows/release.yml',
    inputs: { repository: 'acme/app' },
    ours: rule('repository'),
    gh: accepts(...APP),
    cosign: refuses(SAN_IN_COSIGN, ...BELOW_APP),
    because: 'names are case-sensitive; gh ignores case',
  },
  {
    signed: 'release.yml.x.yml of acme/app',
    workflow: `${RELEASE}.x.yml`,
    inputs: { 'signer-workflow': RELEASE },
    ours: rule('signer-workflow'),
    gh: accepts(...APP, '--signer-workflow', RELEASE),
    cosign: refuses(SAN_IN_COSIGN, ...identity(RELEASE)),
    because: 'another file; gh only compares the beginning of the name',
  },
  {
    signed: 'release.yml of acme-x/app',
    repository: 'acme-x/app',
    workflow: 'acme-x/app/.github/workflows/release.yml',
    inputs: { owner: 'acme' },
    ours: rule('owner'),
    gh: refuses(SAN_IN_GH, ...ACME),
    cosign: refuses(SAN_IN_COSIGN, ...BELOW_ACME),
    because: 'another owner whose name starts the same',
  },
  {
    signed: 'release.yml of acme/app, branch release',
    claims: { ref: 'refs/heads/release', job_workflow_ref: `${RELEASE}@refs/heads/release` },
    inputs: { 'certificate-identity': `https://github.com/${RELEASE}@refs/heads/release,stable` },
    ours: rule('certificate-identity'),
    gh: refuses(
      SAN_IN_GH,
      ...APP,
      '--cert-identity',
      `https://github.com/${RELEASE}@refs/heads/release,stable`,
    ),
    cosign: refuses(SAN_IN_COSIGN, ...identity(RELEASE, 'refs/heads/release,stable')),
    because: 'the comma is part of the required branch name',
  },
  {
    signed: 'release.yml of acme/app, environment production',
    claims: { environment: 'production' },
    inputs: { environment: 'production' },
    ours: 'accepts',
    gh: 'no flag',
    cosign: 'no flag',
    because: 'required by the input',
  },
  {
    signed: 'release.yml of acme/app, push to main',
    inputs: { environment: 'production' },
    ours: rule('environment'),
    gh: 'no flag',
    cosign: 'no flag',
    because: 'a fact that the certificate does not state never passes',
  },
  {
    signed: 'release.yml of acme/app, push to main',
    inputs: { repositories: 'acme/app' },
    ours: { refuses: /Cannot use "repositories": this action has no such input/ },
    gh: refuses(/unknown flag/, ...APP, '--repositories', 'acme/app'),
    cosign: refuses(/unknown flag/, ...BELOW_APP, '--repositories', 'acme/app'),
    because: 'an undeclared input would be ignored, and the gate would accept more than intended',
  },
];
