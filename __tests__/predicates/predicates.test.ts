// Claims about an image, based only on the identity token.
import { describe, expect, test } from '@jest/globals';

import { parseStatement, serializeStatement } from '../../src/model/statement.ts';
import type { TokenClaims } from '../../src/model/token.ts';
import type { Claim } from '../../src/model/claim.ts';
import { statementOf } from '../../src/predicates/index.ts';

const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const claims: TokenClaims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:acme/app:ref:refs/heads/main',
  ref: 'refs/heads/main',
  sha: SHA,
  repository: 'acme/app',
  repository_id: '1000001',
  repository_owner_id: '2000002',
  repository_visibility: 'public',
  workflow_ref: 'acme/app/.github/workflows/release.yml@refs/heads/main',
  workflow_sha: SHA,
  job_workflow_ref: 'platform/workflows/.github/workflows/publish.yml@refs/tags/v1',
  event_name: 'push',
  runner_environment: 'github-hosted',
  run_id: '4242',
  run_attempt: '2',
};
const subjects = [
  { repository: { registry: 'ghcr.io', path: 'acme/app' }, digest: `sha256:${'ab'.repeat(32)}` },
  {
    repository: { registry: 'docker.io', path: 'library/app' },
    digest: `sha256:${'ab'.repeat(32)}`,
  },
] as const;
const SERVER = 'https://github.example';
const signature = statementOf({ kind: 'signature', annotations: {} }, SERVER);
const provenance = statementOf({ kind: 'provenance' }, SERVER);
const document = statementOf(
  {
    kind: 'document',
    predicateType: 'https://cyclonedx.org/bom',
    predicate: { bomFormat: 'CycloneDX' },
  },
  'https://github.example',
);

test('signs the digest, with each of its names, and nothing else', () => {
  expect(serializeStatement(signature(subjects, claims)).toString()).toBe(
    `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"ghcr.io/acme/app","digest":{"sha256":"${'ab'.repeat(32)}"},"annotations":{}},` +
      `{"name":"docker.io/library/app","digest":{"sha256":"${'ab'.repeat(32)}"},"annotations":{}}],"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}`,
  );
});

test('signs annotations with each subject', () => {
  const claim: Claim = { kind: 'signature', annotations: { env: 'prod', run: '42' } };
  const { subject } = statementOf(claim, 'https://github.example')(subjects, claims);
  expect(subject.map(({ annotations }) => JSON.stringify(annotations))).toEqual([
    '{"env":"prod","run":"42"}',
    '{"env":"prod","run":"42"}',
  ]);
});

test('attests a document as predicate, without annotations on its subjects', () => {
  expect(document(subjects, claims)).toEqual({
    subject: [
      { name: 'ghcr.io/acme/app', digest: { sha256: 'ab'.repeat(32) } },
      { name: 'docker.io/library/app', digest: { sha256: 'ab'.repeat(32) } },
    ],
    predicateType: 'https://cyclonedx.org/bom',
    predicate: { bomFormat: 'CycloneDX' },
  });
});

describe('a provenance predicate', () => {
  test('equals that of actions/attest for the same claims, byte for byte', () => {
    const [first] = subjects;
    const server = 'https://github.com';
    expect(
      serializeStatement(statementOf({ kind: 'provenance' }, server)([first], claims)).toString(),
    ).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"ghcr.io/acme/app","digest":{"sha256":"${'ab'.repeat(32)}"}}],` +
        '"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"https://actions.github.io/buildtypes/workflow/v1",' +
        '"externalParameters":{"workflow":{"ref":"refs/heads/main","repository":"https://github.com/acme/app","path":".github/workflows/release.yml"}},' +
        '"internalParameters":{"github":{"event_name":"push","repository_id":"1000001","repository_owner_id":"2000002","runner_environment":"github-hosted"}},' +
        `"resolvedDependencies":[{"uri":"git+https://github.com/acme/app@refs/heads/main","digest":{"gitCommit":"${SHA}"}}]},` +
        '"runDetails":{"builder":{"id":"https://github.com/platform/workflows/.github/workflows/publish.yml@refs/tags/v1"},' +
        '"metadata":{"invocationId":"https://github.com/acme/app/actions/runs/4242/attempts/2"}}}}',
    );
  });

  test('has the workflow build type', () => {
    expect(provenance(subjects, claims)).toEqual({
      subject: [
        { name: 'ghcr.io/acme/app', digest: { sha256: 'ab'.repeat(32) } },
        { name: 'docker.io/library/app', digest: { sha256: 'ab'.repeat(32) } },
      ],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          buildType: 'https://actions.github.io/buildtypes/workflow/v1',
          externalParameters: {
            workflow: {
              ref: 'refs/heads/main',
              repository: 'https://github.example/acme/app',
              path: '.github/workflows/release.yml',
            },
          },
          internalParameters: {
            github: {
              event_name: 'push',
              repository_id: '1000001',
              repository_owner_id: '2000002',
              runner_environment: 'github-hosted',
            },
          },
          resolvedDependencies: [
            {
              uri: 'git+https://github.example/acme/app@refs/heads/main',
              digest: { gitCommit: SHA },
            },
          ],
        },
        runDetails: {
          builder: {
            id: 'https://github.example/platform/workflows/.github/workflows/publish.yml@refs/tags/v1',
          },
          metadata: {
            invocationId: 'https://github.example/acme/app/actions/runs/4242/attempts/2',
          },
        },
      },
    });
  });

  test('keeps a ref with "@" complete', () => {
    const workflow_ref = 'acme/app/.github/workflows/release.yml@refs/tags/@acme/app@1.0.0';
    expect(provenance(subjects, { ...claims, workflow_ref }).predicate).toMatchObject({
      buildDefinition: {
        externalParameters: {
          workflow: { ref: 'refs/tags/@acme/app@1.0.0', path: '.github/workflows/release.yml' },
        },
      },
    });
  });
});

test.each([signature, provenance, document])('reads back what it writes: %p', (state) => {
  const statement = state(subjects, claims);
  expect(parseStatement(serializeStatement(statement))).toEqual({ value: statement });
});
