// Provenance of the usual job of acme/app, as each builder writes it.
import { PROVENANCE, type StatementJson } from './statement.ts';

export const PROVENANCE_V02 = 'https://slsa.dev/provenance/v0.2';

const SERVER = 'https://github.com';
const REPOSITORY = `${SERVER}/acme/app`;
const REF = 'refs/heads/main';
const COMMIT = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const PATH = '.github/workflows/release.yml';
const RUN = `${REPOSITORY}/actions/runs/4242`;
const ALPINE = {
  uri: 'pkg:docker/alpine@3.22?platform=linux%2Famd64',
  digest: { sha256: '8914eb54f968791faf6a8638949e480fef81e697984fba772b3976835194c6d4' },
};

type Draft = Pick<StatementJson, 'predicateType' | 'predicate'>;

/** In the form of actions/attest and Countersign; `sign` is the URL of the workflow that signs. */
export function fromGitHub(sign = `${REPOSITORY}/${PATH}@${REF}`): Draft {
  return {
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: { workflow: { ref: REF, repository: REPOSITORY, path: PATH } },
        internalParameters: {
          github: {
            event_name: 'push',
            repository_id: '1000001',
            repository_owner_id: '2000002',
            runner_environment: 'github-hosted',
          },
        },
        resolvedDependencies: [{ uri: `git+${REPOSITORY}@${REF}`, digest: { gitCommit: COMMIT } }],
      },
      runDetails: { builder: { id: sign }, metadata: { invocationId: `${RUN}/attempts/1` } },
    },
  };
}

/** In the first form of actions/attest, and that of npm. */
export function fromOldGitHub(): Draft {
  const draft = structuredClone(fromGitHub(`${SERVER}/actions/runner/github-hosted`)) as {
    predicateType: string;
    predicate: { buildDefinition: { buildType: string } };
  };
  draft.predicate.buildDefinition.buildType =
    'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1';
  return draft;
}

/** In the form of slsa-github-generator's builders, v0.2; `sign` is the URL of the builder. */
export function fromGenerator(sign: string): Draft {
  return {
    predicateType: PROVENANCE_V02,
    predicate: {
      builder: { id: sign },
      buildType: 'https://github.com/slsa-framework/slsa-github-generator/container@v1',
      invocation: {
        configSource: {
          uri: `git+${REPOSITORY}@${REF}`,
          digest: { sha1: COMMIT },
          entryPoint: PATH,
        },
        environment: {
          github_event_name: 'push',
          github_ref: REF,
          github_repository_id: '1000001',
          github_repository_owner_id: '2000002',
          github_run_attempt: '1',
          github_run_id: '4242',
          github_sha1: COMMIT,
        },
      },
      materials: [{ uri: `git+${REPOSITORY}@${REF}`, digest: { sha1: COMMIT } }],
    },
  };
}

/** In the form of a builder based on slsa-github-generator, v1: the first attempt of the run, and another source. */
export function fromDelegator(): Draft {
  return {
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType: 'https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0',
        externalParameters: { inputs: {}, vars: {} },
        internalParameters: {
          GITHUB_EVENT_NAME: 'push',
          GITHUB_REF: REF,
          GITHUB_REPOSITORY: 'acme/app',
          GITHUB_REPOSITORY_ID: '1000001',
          GITHUB_REPOSITORY_OWNER_ID: '2000002',
          GITHUB_RUN_ATTEMPT: '9',
          GITHUB_RUN_ID: '4242',
          GITHUB_SHA: COMMIT,
          GITHUB_WORKFLOW_REF: `acme/app/${PATH}@${REF}`,
        },
        resolvedDependencies: [
          { uri: `git+${REPOSITORY}@refs/tags/v1`, digest: { gitCommit: 'f'.repeat(40) } },
        ],
      },
      runDetails: {
        builder: { id: `${SERVER}/acme/tool/.github/workflows/tool.yml@refs/tags/v2` },
        metadata: { invocationId: `${RUN}/attempts/9` },
      },
    },
  };
}

/** In the form of slsa-github-generator's container-based builder; `sign` is the URL of the builder. */
export function fromContainerBased(sign: string): Draft {
  const source = { uri: `git+${REPOSITORY}@${REF}`, digest: { sha1: COMMIT } };
  return {
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType: 'https://slsa.dev/container-based-build/v0.1?draft',
        externalParameters: { source, builderImage: ALPINE, configPath: 'build.toml' },
        internalParameters: {
          GITHUB_EVENT_NAME: 'push',
          GITHUB_REF: REF,
          GITHUB_REPOSITORY: 'acme/app',
          GITHUB_REPOSITORY_ID: '1000001',
          GITHUB_REPOSITORY_OWNER_ID: '2000002',
          GITHUB_RUN_ID: 4242,
          GITHUB_SHA: COMMIT,
          GITHUB_WORKFLOW_REF: `acme/app/${PATH}@${REF}`,
        },
        resolvedDependencies: [source, ALPINE],
      },
      runDetails: { builder: { id: sign }, metadata: { invocationId: `${RUN}/attempts/9` } },
    },
  };
}

/** In the form of BuildKit with a context in Git, which is another project than that of the run. */
export function fromBuildKit(builder = `${RUN}/attempts/9`): Draft {
  const source = {
    uri: `${SERVER}/vendor/tool.git#refs/tags/v3`,
    digest: { sha1: 'e'.repeat(40) },
  };
  return {
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType:
          'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
        externalParameters: { configSource: { ...source, path: 'Dockerfile' } },
        resolvedDependencies: [ALPINE, source],
      },
      runDetails: {
        builder: { id: builder },
        metadata: { invocationID: 'rpv7a389uzil5lqmrgwhijwjz' },
      },
    },
  };
}

/** The same in its older format. */
export function fromBuildKitV02(builder = `${RUN}/attempts/9`): Draft {
  return {
    predicateType: PROVENANCE_V02,
    predicate: {
      builder: { id: builder },
      buildType: 'https://mobyproject.org/buildkit@v1',
      materials: [ALPINE],
    },
  };
}

/** A copy with another value at a path of members and list positions. */
export function stating(draft: Draft, path: readonly string[], value: unknown): Draft {
  const copy = structuredClone(draft);
  const parents = path.slice(0, -1);
  const parent = parents.reduce<unknown>(
    (at, name) => (at as Record<string, unknown>)[name],
    copy.predicate,
  ) as Record<string, unknown>;
  const name = path.at(-1) ?? '';
  if (!Object.hasOwn(parent, name)) throw new Error(`There is no ${path.join('.')} to change`);
  parent[name] = value;
  return copy;
}
