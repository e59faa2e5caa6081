// The inputs that name owners, repositories and workflow files on GitHub, and the repositories whose attestations are listed because of them.
import {
  type GitHubName,
  parseOwner,
  parseRepository,
  parseWorkflowName,
  type WorkflowName,
} from '../names/github-name.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { Parsed } from '../text/parsed.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import { listOf, type Problems } from './problems.ts';

export interface GitHubNames {
  readonly repositories: readonly GitHubName[];
  readonly owners: readonly GitHubName[];
  readonly workflows: readonly WorkflowName[];
}

export function parseGitHubNames(
  inputs: RawInputs,
  { serverUrl }: Environment,
  problems: Problems,
): GitHubNames {
  const each = <T>(
    input: 'repository' | 'owner' | 'signer-workflow',
    parse: (text: string, server: string) => Parsed<T>,
  ): readonly T[] =>
    inputs[input] === ''
      ? []
      : problems.takeEach(input, listOf(inputs[input]), (text) => parse(text, serverUrl));
  return {
    repositories: each('repository', parseRepository),
    owners: each('owner', parseOwner),
    workflows: each('signer-workflow', parseWorkflowName),
  };
}

/** GitHub stores an attestation with the repository whose run recorded it, and only for its own server. */
export function attestationsOf(
  { repositories, owners, workflows }: GitHubNames,
  { repository: here, serverUrl }: Environment,
): NonEmpty<string> {
  const sources = repositories.length > 0 ? repositories : owners;
  const callers = sources.length > 0 ? sources : workflows.map(({ repository }) => repository);
  const onThisServer = callers.flatMap(({ server, path }) => (server === serverUrl ? [path] : []));
  const asked = [...new Set(sources.length > 0 ? onThisServer : [here, ...onThisServer])];
  return isNonEmpty(asked) ? asked : [here];
}
