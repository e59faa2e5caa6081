// Provenance of slsa-github-generator, of its own builders and of those that build on it ("delegators"), v0.2 and v1:
// https://github.com/slsa-framework/slsa-github-generator/blob/main/internal/builders/generic/README.md#provenance-format
import type { RunFact } from '../model/provenance.ts';
import { fact, gitFacts, type Json, recordAt, textAt } from './fields.ts';

const TYPES = 'https://github.com/slsa-framework/slsa-github-generator/';
/** Of its container-based builder: https://github.com/slsa-framework/slsa-github-generator/blob/main/internal/builders/docker/README.md#provenance-format */
const CONTAINER_BASED = 'https://slsa.dev/container-based-build/v0.1?draft';
/** The only server on which it runs. */
const SERVER = 'https://github.com';

export function isOfGenerator(buildType: string): boolean {
  return buildType.startsWith(TYPES) || buildType === CONTAINER_BASED;
}

export function generatorFacts(predicate: Json, buildType: string): readonly RunFact[] {
  const environment = inLowerCase({
    ...recordAt(predicate, 'invocation', 'environment'),
    ...recordAt(predicate, 'buildDefinition', 'internalParameters'),
  });
  const stated = [
    ...fact('repository', below(SERVER, textAt(environment, 'github_repository'))),
    ...fact('workflow', below(SERVER, textAt(environment, 'github_workflow_ref'))),
    ...fact('ref', textAt(environment, 'github_ref')),
    ...fact('commit', textAt(environment, 'github_sha') ?? textAt(environment, 'github_sha1')),
    ...fact('event', textAt(environment, 'github_event_name')),
    ...fact('repository-id', textAt(environment, 'github_repository_id')),
    ...fact('owner-id', textAt(environment, 'github_repository_owner_id')),
    ...builderFacts(predicate, buildType),
  ];
  const repository = stated.find(({ name }) => name === 'repository')?.value;
  return [...stated, ...runFacts(repository, textAt(environment, 'github_run_id'))];
}

/** A delegator has the tool as builder, which another workflow signs for, and may check out another commit than that of the run. */
function builderFacts(predicate: Json, buildType: string): readonly RunFact[] {
  if (buildType === CONTAINER_BASED) return containerBasedFacts(predicate);
  return buildType.startsWith(`${TYPES}delegator-`) ? [] : ownBuilderFacts(predicate);
}

function containerBasedFacts(predicate: Json): readonly RunFact[] {
  const source = recordAt(predicate, 'buildDefinition', 'externalParameters', 'source');
  const details = recordAt(predicate, 'runDetails');
  const run = textAt(recordAt(details, 'metadata'), 'invocationId');
  return [
    ...fact('builder', textAt(recordAt(details, 'builder'), 'id')),
    ...gitFacts(textAt(source, 'uri'), textAt(recordAt(source, 'digest'), 'sha1')),
    ...fact('run', run?.replace(/\/attempts\/\d+$/, '')),
  ];
}

function ownBuilderFacts(predicate: Json): readonly RunFact[] {
  const source = recordAt(predicate, 'invocation', 'configSource');
  const facts = gitFacts(textAt(source, 'uri'), textAt(recordAt(source, 'digest'), 'sha1'));
  const repository = facts.find(({ name }) => name === 'repository')?.value;
  return [
    ...fact('builder', textAt(recordAt(predicate, 'builder'), 'id')),
    ...facts,
    ...fact('workflow', below(repository, textAt(source, 'entryPoint'))),
  ];
}

/** Without its attempt: if other jobs are run again, a delegator keeps the attempt of its first job. */
function runFacts(repository: string | undefined, id: string | undefined): readonly RunFact[] {
  return fact('run', below(repository, id === undefined ? undefined : `actions/runs/${id}`));
}

function below(parent: string | undefined, path: string | undefined): string | undefined {
  return parent === undefined || path === undefined ? undefined : `${parent}/${path}`;
}

/** The names differ in case between the two versions. */
function inLowerCase(environment: Json): Json {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
