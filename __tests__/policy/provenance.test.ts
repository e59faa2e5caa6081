// Signed provenance of every builder is accepted as it is written, and rejected if it contradicts its certificate.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { KEYLESS, policyOf, SUBJECT } from '../../lab/bundles/evidence.ts';
import type { CertifiedHolder } from '../../lab/bundles/holder.ts';
import { type Instance, startInstance } from '../../lab/bundles/instance.ts';
import {
  fromBuildKit,
  fromBuildKitV02,
  fromContainerBased,
  fromDelegator,
  fromGenerator,
  fromGitHub,
  fromOldGitHub,
  stating,
} from '../../lab/bundles/provenance.ts';
import { certifyJob, makeBundle } from '../../lab/bundles/signing.ts';
import { DIGEST, statementAbout } from '../../lab/bundles/statement.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/evaluate.ts';

type Draft = ReturnType<typeof fromGitHub>;

const BUILDER =
  'slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.1.0';
const GENERATOR = `https://github.com/${BUILDER}`;

let instance: Instance;
let own: CertifiedHolder;
let called: CertifiedHolder;

beforeAll(async () => {
  instance = await startInstance();
  own = await certifyJob(instance);
  called = await certifyJob(instance, { claims: { job_workflow_ref: BUILDER } });
});
afterAll(() => instance.stop());

async function judge(draft: Draft, by = own): Promise<Verdict> {
  const bundle = await makeBundle(instance, { payload: statementAbout(DIGEST, draft), by });
  const json = Buffer.from(JSON.stringify(bundle));
  const checked = await instance.verify({ source: 'registry', place: 'here', json }, DIGEST);
  const authority = { ...KEYLESS, roots: { kind: 'file', path: rootsOf(checked) } } as const;
  return evaluate([policyOf(['provenance'], [authority])], SUBJECT, {
    checked: [checked],
    looked: [],
    failures: [],
  });
}

function rootsOf(checked: Awaited<ReturnType<Instance['verify']>>): string {
  if ('rejected' in checked) throw new Error(JSON.stringify(checked.rejected));
  return 'roots' in checked.verified ? checked.verified.roots[0] : '';
}

describe('provenance of known builders', () => {
  test.each<[string, Draft, 'called'?]>([
    ['actions/attest and Countersign', fromGitHub()],
    ['actions/attest of 2024 and npm', fromOldGitHub()],
    ['slsa-github-generator v0.2', fromGenerator(GENERATOR), 'called'],
    ['a builder based on slsa-github-generator, v1', fromDelegator(), 'called'],
    ['slsa-github-generator, container-based', fromContainerBased(GENERATOR), 'called'],
    ['BuildKit', fromBuildKit()],
    ['BuildKit v0.2', fromBuildKitV02()],
    ['BuildKit with a custom name for its builder', fromBuildKit('acme builds')],
    [
      'BuildKit with the workflow as its builder',
      fromBuildKit('https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main'),
    ],
    [
      'an unknown builder',
      stating(
        stating(fromGitHub(), ['buildDefinition', 'buildType'], 'https://acme.example/build'),
        ['runDetails', 'builder', 'id'],
        'https://acme.example',
      ),
    ],
  ])('is accepted: %s', async (...[, draft, by]) => {
    expect(await judge(draft, by && called)).toMatchObject({ outcome: 'accepted' });
  });
});

const OTHER = 'https://github.com/mallory/app';
const WORKFLOW = '.github/workflows/release.yml';
const DEFINITION = 'buildDefinition';
const JOB = [DEFINITION, 'internalParameters', 'github'] as const;
const EXTERNAL = [DEFINITION, 'externalParameters', 'workflow'] as const;
const SOURCE = [DEFINITION, 'resolvedDependencies', '0'] as const;
const CONFIG = ['invocation', 'configSource'] as const;
const ENVIRONMENT = ['invocation', 'environment'] as const;
const INTERNAL = [DEFINITION, 'internalParameters'] as const;

type Bad = readonly [path: readonly string[], value: unknown, ...rules: string[]];

const GITHUB: readonly Bad[] = [
  [['runDetails', 'builder', 'id'], `${OTHER}/${WORKFLOW}@refs/heads/main`, 'builder'],
  [['runDetails', 'builder', 'id'], 'https://github.com/actions/runner/self-hosted', 'runner'],
  [
    ['runDetails', 'metadata', 'invocationId'],
    'https://github.com/acme/app/actions/runs/4242/attempts/2',
    'run',
  ],
  [
    ['runDetails', 'metadata', 'invocationId'],
    'https://github.com/acme/app/actions/runs/424',
    'run',
  ],
  [[...EXTERNAL, 'repository'], OTHER, 'repository', 'workflow'],
  [[...EXTERNAL, 'path'], '.github/workflows/other.yml', 'workflow'],
  [[...EXTERNAL, 'path'], `mallory/app/${WORKFLOW}`, 'workflow'],
  [[...EXTERNAL, 'ref'], 'refs/tags/v1', 'workflow'],
  [[...SOURCE, 'uri'], `git+${OTHER}@refs/heads/main`, 'repository'],
  [[...SOURCE, 'uri'], 'git+https://github.com/acme/app@refs/heads/other', 'ref'],
  [[...SOURCE, 'digest', 'gitCommit'], '0'.repeat(40), 'commit'],
  [[...JOB, 'event_name'], 'pull_request', 'event'],
  [[...JOB, 'repository_id'], '1', 'repository-id'],
  [[...JOB, 'repository_owner_id'], '2', 'owner-id'],
  [[...JOB, 'runner_environment'], 'self-hosted', 'runner'],
];

const SLSA: readonly Bad[] = [
  [['builder', 'id'], GENERATOR.replace('v2.1.0', 'v1'), 'builder'],
  [[...CONFIG, 'uri'], `git+${OTHER}@refs/heads/main`, 'repository', 'workflow', 'run'],
  [[...CONFIG, 'uri'], 'git+https://github.com/acme/app@refs/tags/v1', 'ref'],
  [[...CONFIG, 'digest', 'sha1'], '0'.repeat(40), 'commit'],
  [[...CONFIG, 'entryPoint'], '.github/workflows/other.yml', 'workflow'],
  [[...ENVIRONMENT, 'github_event_name'], 'pull_request', 'event'],
  [[...ENVIRONMENT, 'github_ref'], 'refs/tags/v1', 'ref'],
  [[...ENVIRONMENT, 'github_sha1'], '0'.repeat(40), 'commit'],
  [[...ENVIRONMENT, 'github_run_id'], '424', 'run'],
  [[...ENVIRONMENT, 'github_repository_id'], 1, 'repository-id'],
  [[...ENVIRONMENT, 'github_repository_owner_id'], 2, 'owner-id'],
];

const DELEGATOR: readonly Bad[] = [
  [[...INTERNAL, 'GITHUB_EVENT_NAME'], 'pull_request', 'event'],
  [[...INTERNAL, 'GITHUB_REF'], 'refs/tags/v1', 'ref'],
  [[...INTERNAL, 'GITHUB_REPOSITORY'], 'mallory/app', 'repository', 'run'],
  [[...INTERNAL, 'GITHUB_REPOSITORY_ID'], '1', 'repository-id'],
  [[...INTERNAL, 'GITHUB_REPOSITORY_OWNER_ID'], '2', 'owner-id'],
  [[...INTERNAL, 'GITHUB_RUN_ID'], '424', 'run'],
  [[...INTERNAL, 'GITHUB_SHA'], '0'.repeat(40), 'commit'],
  [[...INTERNAL, 'GITHUB_WORKFLOW_REF'], `acme/app/${WORKFLOW}@refs/tags/v1`, 'workflow'],
];

const RUN = 'https://github.com/acme/app/actions/runs';
const CONTAINER_SOURCE = [DEFINITION, 'externalParameters', 'source'] as const;
const CONTAINER_BASED: readonly Bad[] = [
  ...DELEGATOR,
  [['runDetails', 'builder', 'id'], GENERATOR.replace('v2.1.0', 'v1'), 'builder'],
  [['runDetails', 'metadata', 'invocationId'], `${RUN}/424/attempts/1`, 'run'],
  [[...CONTAINER_SOURCE, 'uri'], `git+${OTHER}@refs/heads/main`, 'repository'],
  [[...CONTAINER_SOURCE, 'uri'], 'git+https://github.com/acme/app@refs/tags/v1', 'ref'],
  [[...CONTAINER_SOURCE, 'digest', 'sha1'], '0'.repeat(40), 'commit'],
];
const BUILDKIT: readonly Bad[] = [
  [['runDetails', 'builder', 'id'], `${RUN}/424`, 'run'],
  [['runDetails', 'builder', 'id'], `${OTHER}/actions/runs/4242/attempts/1`, 'run'],
  [['runDetails', 'builder', 'id'], `${OTHER}/${WORKFLOW}@refs/heads/main`, 'builder'],
];

describe.each<[string, Draft, readonly Bad[], 'called'?]>([
  ["GitHub's", fromGitHub(), GITHUB],
  ['slsa-github-generator', fromGenerator(GENERATOR), SLSA, 'called'],
  ['a delegator', fromDelegator(), DELEGATOR, 'called'],
  ['a container-based build', fromContainerBased(GENERATOR), CONTAINER_BASED, 'called'],
  ['BuildKit', fromBuildKit(), BUILDKIT],
  ['BuildKit v0.2', fromBuildKitV02(), [[['builder', 'id'], `${RUN}/424`, 'run']]],
])('provenance of %s', (_, draft, bad, by) => {
  test.each(bad.map(([path, value, ...rules]) => [path.join('.'), value, rules, path] as const))(
    'is rejected if it contradicts its certificate: %s: %s',
    async (_name, value, rules, path) => {
      const verdict = await judge(stating(draft, path, value), by && called);
      expect(verdict.outcome).toBe('rejected');
      const [refused] = verdict.unacceptable;
      expect(refused?.findings.map(({ rule }) => rule)).toEqual(
        rules.map((rule) => `provenance-${rule}`),
      );
    },
  );
});

test('reports what the certificate and the provenance contain', async () => {
  const draft = stating(fromGitHub(), [...SOURCE, 'digest', 'gitCommit'], '0'.repeat(40));
  expect((await judge(draft)).unacceptable[0]?.findings).toEqual([
    {
      rule: 'provenance-commit',
      expected: '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60',
      found: '0'.repeat(40),
    },
  ]);
});

test('reads builder and materials within limits', async () => {
  const draft = stating(
    fromBuildKit('x'.repeat(5000)),
    [DEFINITION, 'resolvedDependencies'],
    [
      null,
      { uri: 7, digest: 'none' },
      ...Array.from({ length: 100 }, () => ({ uri: 'u'.repeat(5000), digest: { sha256: [] } })),
    ],
  );
  const verdict = await judge(draft);
  if (verdict.outcome !== 'accepted') throw new Error('not accepted');
  const provenance = verdict.evidence[0]?.acceptances[0].bundle.statement.provenance;
  expect(provenance?.builder).toHaveLength(301);
  expect(provenance?.materials).toHaveLength(20);
});
