// The publish examples with the event that starts each, and what must be true afterwards.
import { type ExampleRun, REPOSITORY } from './run-example.ts';
import type { Site } from './site.ts';

export interface ExampleCase {
  readonly name: string;
  readonly run: Omit<ExampleRun, 'ref' | 'event'> & Partial<ExampleRun>;
  /** What others have published before. */
  readonly before?: (site: Site) => Promise<void>;
  /** `host/repository:tag` in the workflow's own names: the gate accepts each, at one digest unless `distinct`. */
  readonly published: readonly string[];
  /** Inputs of the gate in addition to the image. */
  readonly gate?: Readonly<Record<string, string>>;
  /** GitHub's own instance has signed, and no public one was asked. */
  readonly on?: 'github';
  /** Parts of the log. */
  readonly says?: readonly string[];
  /** The workflow fails, nothing is published, and nothing is deployed, built or copied. */
  readonly fails?: true;
}

const REUSABLE = 'countersign/countersign/.github/workflows/publish-image.yml';
export const name = `ghcr.io/${REPOSITORY}`;
const mirrored = `registry.example/${REPOSITORY}`;
const signature = { require: 'signature' };
const withProvenance = { require: 'signature, provenance' };

export const publishCases: readonly ExampleCase[] = [
  {
    name: 'a version of publish.yml',
    run: { file: 'publish.yml' },
    published: [`${name}:1.2.3`, `${name}:1.2`, `${name}:latest`],
    gate: withProvenance,
  },
  {
    name: 'deploy-gate.yml deploys it',
    run: { file: 'deploy-gate.yml', ...dispatch('1.2.3') },
    published: [],
    says: [`kubectl set image deployment/app app=${name}@sha256:`],
  },
  {
    name: 'deploy-gate.yml deploys no version that is not there',
    run: { file: 'deploy-gate.yml', ...dispatch('9.9.9') },
    published: [],
    fails: true,
  },
  {
    name: 'a version of publish-reusable.yml',
    run: { file: 'publish-reusable.yml', ref: 'refs/tags/v2.0.0', signer: at('refs/tags/v1') },
    published: [`${name}:2.0.0`, `${name}:2.0`, `${name}:latest`],
    gate: {
      ...withProvenance,
      recursive: 'true',
      repository: REPOSITORY,
      'signer-workflow': REUSABLE,
    },
    says: [`Deploy ${name}@sha256:`],
  },
  {
    name: 'the reusable workflow writes no tag if a gate would reject the image',
    run: {
      file: 'publish-reusable.yml',
      ref: 'refs/tags/v2.1.0',
      signer: `${REPOSITORY}/.github/workflows/other.yml@refs/tags/v2.1.0`,
    },
    published: [],
    fails: true,
  },
  {
    name: 'a version of publish-registries.yml',
    run: { file: 'publish-registries.yml', ref: 'refs/tags/v3.0.0' },
    published: [`${name}:3.0.0`, `${mirrored}:3.0.0`],
    gate: withProvenance,
  },
  {
    name: 'the targets of publish-bake.yml',
    run: {
      file: 'publish-bake.yml',
      targets: { web: { tags: [`${name}/web:1`] }, worker: { tags: [`${name}/worker:1`] } },
    },
    published: [`${name}/web:1`, `${name}/worker:1`],
    gate: withProvenance,
  },
  {
    name: 'the images of publish-derived.yml',
    run: { file: 'publish-derived.yml', ref: 'refs/tags/v4.0.0' },
    published: [`${name}:v4.0.0`, `${name}:v4.0.0-alpine`],
    gate: { require: 'provenance', sources: 'github' },
  },
  {
    name: 'a push of publish-pull-requests.yml',
    run: { file: 'publish-pull-requests.yml', ref: 'refs/heads/main' },
    published: [`${name}:main`],
    gate: signature,
  },
  {
    name: 'a pull request of publish-pull-requests.yml',
    run: {
      file: 'publish-pull-requests.yml',
      event: 'pull_request',
      ref: 'refs/pull/7/merge',
      payload: { number: 7, pull_request: { head: { ref: 'topic' }, base: { ref: 'main' } } },
    },
    published: [],
  },
  {
    name: 'a version of publish-ghes.yml',
    run: { file: 'publish-ghes.yml', ref: 'refs/tags/v5.0.0' },
    published: [`${mirrored}:v5.0.0`],
    gate: withProvenance,
  },
  {
    name: 'a version of publish-private.yml',
    run: {
      file: 'publish-private.yml',
      ref: 'refs/tags/v6.0.0',
      claims: { repository_visibility: 'private' },
    },
    published: [`${name}:v6.0.0`],
    gate: withProvenance,
    on: 'github',
  },
];

function at(ref: string): string {
  return `${REUSABLE}@${ref}`;
}

export function dispatch(version: string): Pick<ExampleRun, 'event' | 'ref' | 'payload'> {
  return { event: 'workflow_dispatch', ref: 'refs/heads/main', payload: { inputs: { version } } };
}
