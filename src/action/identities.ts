// Allowed signers from the inputs: values that belong together become one identity, and there is always at least one.
import { type GitHubName, urlOf, type WorkflowName } from '../names/github-name.ts';
import { anyOf, exactly, formatMatcher, type Matcher, matches } from '../model/matcher.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Identity, IdentityRule } from '../model/policy.ts';
import { certificateIdentities, parseIssuers } from './certificate-identities.ts';
import type { Environment } from './environment.ts';
import type { GitHubNames } from './github-names.ts';
import type { RawInputs } from './inputs.ts';
import type { Patterns } from './patterns.ts';
import type { Problems } from './problems.ts';

type Rules = NonEmpty<IdentityRule>;

/** The repository or owner whose runs are allowed to sign. */
interface Source {
  readonly name: GitHubName;
  readonly rules: Rules;
}

/** The repositories and owners in the inputs. */
export interface Signers {
  readonly names: GitHubNames;
  readonly patterns: Patterns;
}

/** Rules, and the server of the runs that they are for. */
interface Alternative {
  readonly server: string;
  readonly rules: Rules;
}

export function parseIdentities(
  inputs: RawInputs,
  { names, patterns }: Signers,
  environment: Environment,
  problems: Problems,
): NonEmpty<Identity> {
  const issuers = isNonEmpty(patterns.issuers)
    ? patterns.issuers
    : mapEach(parseIssuers(inputs['certificate-oidc-issuer'], problems), (each) => exactly(each));
  const input = (['certificate-identity', 'certificate-identity-regexp'] as const).find(
    (name) => inputs[name] !== '',
  );
  if (input !== undefined) {
    refuseNames(input, inputs, problems);
    return certificateIdentities(inputs, patterns.identities, issuers, problems);
  }
  const isDefault =
    patterns.issuers.length === 0 && inputs['certificate-oidc-issuer'] === GITHUB_ISSUER;
  return mapEach(alternatives(names, environment, problems), ({ server, rules }) => ({
    issuer: isDefault ? exactly(issuerOf(server)) : anyOf(issuers),
    rules,
  }));
}

const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** Each tenant of ghe.com has its own issuer, in the same form as in gh. */
function issuerOf(server: string): string {
  const [, tenant] = /^https:\/\/([^/]+\.ghe\.com)$/.exec(server) ?? [];
  return tenant === undefined ? GITHUB_ISSUER : `https://token.actions.${tenant}`;
}

/** Whether the certificate of such a signer names the event of the run; a literal identity may be from any host. */
export function runsOnGitHub({ issuer, rules }: Identity): boolean {
  const literal = rules.find(({ name }) => name === 'certificate-identity');
  if (!literal) return true;
  if (literal.matcher.kind !== 'pattern') return false;
  return /token\.actions\./.test(formatMatcher(issuer)) || matches(issuer, GITHUB_ISSUER);
}

function refuseNames(
  input: 'certificate-identity' | 'certificate-identity-regexp',
  inputs: RawInputs,
  problems: Problems,
): void {
  const names = (['repository', 'owner', 'signer-workflow'] as const).filter(
    (name) => inputs[name] !== '',
  );
  if (names.length === 0) return;
  const listed = `"${names.join('" and "')}"`;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot combine "${input}" with ${listed}: both specify who must have signed`,
    `use ${listed} for GitHub workflows, or "${input}" for any other signer`,
  );
}

function alternatives(
  names: GitHubNames,
  environment: Environment,
  problems: Problems,
): NonEmpty<Alternative> {
  const { workflows } = names;
  const sources = sourcesOf(names, problems);
  if (isNonEmpty(sources) && isNonEmpty(workflows)) return pairs(sources, workflows, problems);
  if (isNonEmpty(sources))
    return mapEach(sources, ({ name, rules }) => ({
      server: name.server,
      rules: [...rules, below(urlOf(name))],
    }));
  if (isNonEmpty(workflows))
    return mapEach(workflows, (workflow) => ({
      server: workflow.repository.server,
      rules: [signedBy(workflow), calledBy(workflow, environment)],
    }));
  return [{ server: environment.serverUrl, rules: thisRepository(environment, problems) }];
}

function sourcesOf({ repositories, owners }: GitHubNames, problems: Problems): readonly Source[] {
  if (repositories.length === 0)
    return owners.map((name) => ({ name, rules: named('owner', name) }));
  if (owners.length > 0) rejectOtherOwners(repositories, owners, problems);
  return repositories.map((name) => {
    const owner = owners.find((each) => urlOf(each) === ownerUrlOf(name));
    return {
      name,
      rules: [...named('repository', name), ...(owner ? named('owner', owner) : [])],
    };
  });
}

/** By name, and by id if there is one. */
function named(what: 'repository' | 'owner', name: GitHubName): Rules {
  return [
    rule(what, exactly(urlOf(name))),
    ...(name.id === undefined ? [] : [rule(`${what}-id`, exactly(name.id))]),
  ];
}

/** Both must match, so a repository of another owner could never pass, nor an owner without a repository. */
function rejectOtherOwners(
  repositories: readonly GitHubName[],
  owners: readonly GitHubName[],
  problems: Problems,
): void {
  const strangers = inOneOnly(repositories.map(ownerUrlOf), owners.map(urlOf));
  if (strangers.length === 0) return;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot combine "owner" with "repository": both must match, and only one of them names ${strangers.join(' and ')}`,
    'remove "owner": each value of "repository" includes its owner',
  );
}

/** A run can only call reusable workflows of its own server. */
function pairs(
  sources: NonEmpty<Source>,
  workflows: NonEmpty<WorkflowName>,
  problems: Problems,
): NonEmpty<Alternative> {
  const paired = sources.flatMap(({ name, rules }) =>
    workflows
      .filter(({ repository }) => repository.server === name.server)
      .map((workflow): Alternative => ({
        server: name.server,
        rules: [...rules, signedBy(workflow)],
      })),
  );
  const strangers = inOneOnly(
    sources.map(({ name }) => name.server),
    workflows.map(({ repository }) => repository.server),
  );
  if (strangers.length > 0)
    problems.add(
      'INPUT_CONFLICT',
      `Cannot combine "signer-workflow" with "repository" or "owner": both must match, and only one of them is on ${strangers.join(' and ')}`,
      'write both with the server: https://host/owner/name, https://host/owner/name/.github/workflows/file.yml',
    );
  const [{ name, rules }] = sources;
  return isNonEmpty(paired) ? paired : [{ server: name.server, rules }];
}

function inOneOnly(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...some, ...others])].filter(
    (each) => !some.includes(each) || !others.includes(each),
  );
}

/** The same name and the same ids: a released name can be taken over by someone else. */
function thisRepository(
  { repository, repositoryId, repositoryOwnerId, serverUrl }: Environment,
  problems: Problems,
): Rules {
  if (repository === '')
    problems.add(
      'INPUT_UNSAFE',
      'Cannot verify: no signer is configured, and outside of GitHub Actions there is no repository to use as the default',
      'set "repository" to the source repository of the image',
    );
  const here = `${serverUrl}/${repository}`;
  return [
    rule('repository', exactly(here)),
    ...(repositoryId === '' ? [] : [rule('repository-id', exactly(repositoryId))]),
    ...(repositoryOwnerId === '' ? [] : [rule('owner-id', exactly(repositoryOwnerId))]),
    below(here),
  ];
}

/** As in gh: a workflow of another repository is accepted only if "signer-workflow" names it. */
function below(url: string): IdentityRule {
  return rule('signer-workflow', { kind: 'prefix', prefix: `${url}/` });
}

function signedBy({ repository, file, ref }: WorkflowName): IdentityRule {
  const url = `${urlOf(repository)}/${file}`;
  return rule(
    'signer-workflow',
    ref === undefined ? { kind: 'any-ref', url } : exactly(`${url}@${ref}`),
  );
}

/** Anyone can call a reusable workflow: without a repository or an owner, only its own repository and this one are accepted. */
function calledBy(
  { repository }: WorkflowName,
  { repository: here, serverUrl }: Environment,
): IdentityRule {
  const own = urlOf(repository);
  return rule('repository', here === '' ? exactly(own) : exactly(own, `${serverUrl}/${here}`));
}

function ownerUrlOf({ server, owner }: GitHubName): string {
  return `${server}/${owner}`;
}

function rule(name: IdentityRule['name'], matcher: Matcher): IdentityRule {
  return { name, matcher };
}
