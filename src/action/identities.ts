// Allowed signers from the inputs: values that belong together become one identity, and there is always at least one.
import { type GitHubName, urlOf, type WorkflowName } from '../names/github-name.ts';
import { exactly, type Matcher } from '../model/matcher.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Identity, IdentityRule } from '../model/policy.ts';
import { certificateIdentities, parseIssuers } from './certificate-identities.ts';
import type { Environment } from './environment.ts';
import type { GitHubNames } from './github-names.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

type Rules = NonEmpty<IdentityRule>;

/** Whose runs may sign: those of a repository, or of all repositories of an owner. */
interface Source {
  readonly name: GitHubName;
  readonly rules: Rules;
}

export function parseIdentities(
  inputs: RawInputs,
  names: GitHubNames,
  environment: Environment,
  problems: Problems,
): NonEmpty<Identity> {
  const issuers = parseIssuers(inputs['certificate-oidc-issuer'], problems);
  if (inputs['certificate-identity'] !== '') {
    refuseNames(inputs, problems);
    return certificateIdentities(inputs['certificate-identity'], issuers, problems);
  }
  return mapEach(alternatives(names, environment, problems), (rules) => ({
    issuer: exactly(...issuers),
    rules,
  }));
}

function refuseNames(inputs: RawInputs, problems: Problems): void {
  const names = (['repository', 'owner', 'signer-workflow'] as const).filter(
    (name) => inputs[name] !== '',
  );
  if (names.length === 0) return;
  const listed = `"${names.join('" and "')}"`;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot combine "certificate-identity" with ${listed}: both specify who must have signed`,
    `use ${listed} for GitHub workflows, or "certificate-identity" for any other signer`,
  );
}

function alternatives(
  names: GitHubNames,
  environment: Environment,
  problems: Problems,
): NonEmpty<Rules> {
  const { workflows } = names;
  const sources = sourcesOf(names, problems);
  if (isNonEmpty(sources) && isNonEmpty(workflows)) return pairs(sources, workflows, problems);
  if (isNonEmpty(sources))
    return mapEach(sources, ({ name, rules }) => [...rules, below(urlOf(name))]);
  if (isNonEmpty(workflows))
    return mapEach(workflows, (workflow) => [signedBy(workflow), calledBy(workflow, environment)]);
  return [thisRepository(environment, problems)];
}

function sourcesOf({ repositories, owners }: GitHubNames, problems: Problems): readonly Source[] {
  if (repositories.length === 0)
    return owners.map((name) => ({ name, rules: [rule('owner', exactly(urlOf(name)))] }));
  if (owners.length > 0) refuseStrangers(repositories, owners, problems);
  return repositories.map((name) => ({
    name,
    rules: [
      rule('repository', exactly(urlOf(name))),
      ...(owners.length > 0 ? [rule('owner', exactly(ownerUrlOf(name)))] : []),
    ],
  }));
}

/** Both must hold, so a repository of another owner could never pass, nor an owner without a repository. */
function refuseStrangers(
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

/** A run calls reusable workflows of its own server only. */
function pairs(
  sources: NonEmpty<Source>,
  workflows: NonEmpty<WorkflowName>,
  problems: Problems,
): NonEmpty<Rules> {
  const paired = sources.flatMap(({ name, rules }) =>
    workflows
      .filter(({ repository }) => repository.server === name.server)
      .map((workflow): Rules => [...rules, signedBy(workflow)]),
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
  return isNonEmpty(paired) ? paired : [sources[0].rules];
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

/** As gh: a workflow from elsewhere signs only where "signer-workflow" names it. */
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
