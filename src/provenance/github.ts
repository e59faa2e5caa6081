// Provenance of actions/attest, of npm and of Countersign: https://actions.github.io/buildtypes/workflow/v1
import type { RunFact } from '../model/provenance.ts';
import { fact, gitFacts, type Json, recordAt, recordsAt, textAt } from './fields.ts';

export const GITHUB_TYPES = [
  'https://actions.github.io/buildtypes/workflow/v1',
  'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
];

/** The builder in older versions, before it was the workflow. */
const RUNNER = 'https://github.com/actions/runner/';

export function githubFacts(predicate: Json): readonly RunFact[] {
  const definition = recordAt(predicate, 'buildDefinition');
  const workflow = recordAt(definition, 'externalParameters', 'workflow');
  const job = recordAt(definition, 'internalParameters', 'github');
  const metadata = recordAt(predicate, 'runDetails', 'metadata');
  return [
    ...builderFacts(textAt(recordAt(predicate, 'runDetails', 'builder'), 'id')),
    ...fact('repository', textAt(workflow, 'repository')),
    ...fact('workflow', workflowUrl(workflow)),
    ...sourceFacts(definition),
    ...fact('run', textAt(metadata, 'invocationId')),
    ...fact('event', textAt(job, 'event_name')),
    ...fact('runner', textAt(job, 'runner_environment')),
    ...fact('repository-id', textAt(job, 'repository_id')),
    ...fact('owner-id', textAt(job, 'repository_owner_id')),
  ];
}

function builderFacts(id: string | undefined): readonly RunFact[] {
  return id?.startsWith(RUNNER) === true
    ? fact('runner', id.slice(RUNNER.length))
    : fact('builder', id);
}

/** The source is the first dependency that is a Git repository. */
function sourceFacts(definition: Json): readonly RunFact[] {
  const source = recordsAt(definition, 'resolvedDependencies').find((each) =>
    textAt(each, 'uri')?.startsWith('git+'),
  );
  if (!source) return [];
  return gitFacts(textAt(source, 'uri'), textAt(recordAt(source, 'digest'), 'gitCommit'));
}

/** A workflow that a ruleset of the organization requires is in another repository, and its path starts with the name of that repository. */
function workflowUrl(workflow: Json): string | undefined {
  const [repository, path, ref] = ['repository', 'path', 'ref'].map((name) =>
    textAt(workflow, name),
  );
  if (repository === undefined || path === undefined || !URL.canParse(repository)) return undefined;
  const parent = path.startsWith('.github/') ? repository : new URL(repository).origin;
  return `${parent}/${path}${ref === undefined ? '' : `@${ref}`}`;
}
