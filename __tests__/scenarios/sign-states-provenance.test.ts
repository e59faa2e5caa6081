// Provenance is based on the identity token, regardless of the environment of the job.
import { readFile } from 'node:fs/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import { entries, startWorld } from './world.ts';

const claims = {
  repository: 'acme/tool',
  ref: 'refs/tags/v1.2.3',
  sha: '9b2d4f6a8c0e1d3f5a7b9c2e4d6f8a0b1c3d5e7f',
  event_name: 'release',
  repository_id: '77',
  repository_owner_id: '88',
  runner_environment: 'self-hosted',
  run_id: '99',
  run_attempt: '3',
  workflow_ref: 'acme/tool/.github/workflows/publish.yml@refs/tags/v1.2.3',
  job_workflow_ref: 'acme/ci/.github/workflows/build.yml@refs/heads/main',
};
const lies = {
  GITHUB_SHA: '0'.repeat(40),
  GITHUB_REF: 'refs/heads/evil',
  GITHUB_REPOSITORY: 'evil/app',
  GITHUB_RUN_ID: '666',
  GITHUB_EVENT_NAME: 'push',
};
const world = await startWorld();

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test("attests provenance in SLSA v1, in the form of GitHub's attestations", async () => {
    const image = await world.push('acme/tool', { content: entry });
    await world.oidc.set({ claims });
    const { exit, outputs } = await world.run(
      entry,
      { mode: 'sign', images: image.reference, attestations: 'provenance' },
      { env: lies },
    );
    expect(exit).toBe(0);
    const [{ bundles }] = JSON.parse(outputs['results'] ?? '') as [
      { bundles: { predicateType: string; file: string }[] },
    ];
    const { file = '' } =
      bundles.find(({ predicateType }) => predicateType === 'https://slsa.dev/provenance/v1') ?? {};
    const { dsseEnvelope } = JSON.parse(await readFile(file, 'utf8')) as {
      dsseEnvelope: { payload: string };
    };
    expect(JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString())).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: `${world.registry.host}/acme/tool`, digest: { sha256: image.digest.slice(7) } },
      ],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          buildType: 'https://actions.github.io/buildtypes/workflow/v1',
          externalParameters: {
            workflow: {
              ref: 'refs/tags/v1.2.3',
              repository: 'https://github.com/acme/tool',
              path: '.github/workflows/publish.yml',
            },
          },
          internalParameters: {
            github: {
              event_name: 'release',
              repository_id: '77',
              repository_owner_id: '88',
              runner_environment: 'self-hosted',
            },
          },
          resolvedDependencies: [
            {
              uri: 'git+https://github.com/acme/tool@refs/tags/v1.2.3',
              digest: { gitCommit: claims.sha },
            },
          ],
        },
        runDetails: {
          builder: { id: 'https://github.com/acme/ci/.github/workflows/build.yml@refs/heads/main' },
          metadata: { invocationId: 'https://github.com/acme/tool/actions/runs/99/attempts/3' },
        },
      },
    });
  });

  test('attests provenance that the gate accepts only for the repository of the token', async () => {
    const image = await world.push('acme/tool', { content: entry });
    const gate = (repository: string): Promise<{ exit: number; outputs: object }> =>
      world.run(entry, {
        mode: 'verify',
        images: image.reference,
        repository,
        'signer-workflow': 'acme/ci/.github/workflows/build.yml',
        require: 'provenance',
      });
    expect(await gate('acme/tool')).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    expect(await gate('evil/app')).toMatchObject({ exit: 1, outputs: { verdict: 'rejected' } });
  });
});
