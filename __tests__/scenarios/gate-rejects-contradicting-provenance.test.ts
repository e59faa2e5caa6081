// Provenance that names another build than the certificate that signs it is rejected, with the fact in which they differ; provenance of the same build beside it is accepted.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { fromGenerator, fromGitHub, stating } from '../../lab/bundles/provenance.ts';
import { makeBundle } from '../../lab/bundles/signing.ts';
import { SIGNATURE, statementAbout } from '../../lab/bundles/statement.ts';
import { attach, signAndAttach } from './attach.ts';
import { type Image, type Inputs, startWorld } from './world.ts';

type Draft = ReturnType<typeof fromGitHub>;

const APP = 'https://github.com/acme/app';
const OTHER = 'https://github.com/mallory/app';
const WORKFLOW = `${APP}/.github/workflows/release.yml@refs/heads/main`;
const OTHER_WORKFLOW = `${APP}/.github/workflows/other.yml@refs/heads/main`;
const RUN = `${APP}/actions/runs/4242/attempts/1`;
const OTHER_RUN = `${APP}/actions/runs/424/attempts/1`;
const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const NONE = '0'.repeat(40);
const SOURCE = ['buildDefinition', 'resolvedDependencies', '0'] as const;
const PATH = ['buildDefinition', 'externalParameters', 'workflow', 'path'] as const;
const GENERATOR =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.1.0';
const GATE = { mode: 'verify', require: 'signature\nprovenance', sources: 'registry' };
const world = await startWorld();

interface Contradiction {
  readonly what: string;
  readonly draft: Draft;
  readonly rule: string;
  readonly expected: string;
  readonly found: string;
}

const contradictions: readonly Contradiction[] = [
  {
    what: 'another source repository',
    draft: stating(fromGitHub(), [...SOURCE, 'uri'], `git+${OTHER}@refs/heads/main`),
    rule: 'provenance-repository',
    expected: APP,
    found: OTHER,
  },
  {
    what: 'another ref',
    draft: stating(fromGitHub(), [...SOURCE, 'uri'], `git+${APP}@refs/tags/v1`),
    rule: 'provenance-ref',
    expected: 'refs/heads/main',
    found: 'refs/tags/v1',
  },
  {
    what: 'another commit',
    draft: stating(fromGitHub(), [...SOURCE, 'digest', 'gitCommit'], NONE),
    rule: 'provenance-commit',
    expected: SHA,
    found: NONE,
  },
  {
    what: 'another workflow',
    draft: stating(fromGitHub(), PATH, '.github/workflows/other.yml'),
    rule: 'provenance-workflow',
    expected: WORKFLOW,
    found: OTHER_WORKFLOW,
  },
  {
    what: 'another run',
    draft: stating(fromGitHub(), ['runDetails', 'metadata', 'invocationId'], OTHER_RUN),
    rule: 'provenance-run',
    expected: RUN,
    found: OTHER_RUN,
  },
  {
    what: 'another builder',
    draft: stating(fromGitHub(), ['runDetails', 'builder', 'id'], OTHER_WORKFLOW),
    rule: 'provenance-builder',
    expected: WORKFLOW,
    found: OTHER_WORKFLOW,
  },
  {
    what: 'a builder that did not sign it',
    draft: fromGenerator(GENERATOR),
    rule: 'provenance-builder',
    expected: WORKFLOW,
    found: GENERATOR,
  },
];

const images = new Map<string, Image>();

beforeAll(async () => {
  for (const { what, draft } of contradictions) {
    const image = await world.push('acme/app', { content: what });
    await signAndAttach(world, image, { predicateType: SIGNATURE });
    await attest(image, draft);
    images.set(what, image);
  }
});
afterAll(() => world.stop());

async function attest(image: Image, draft: Draft): Promise<void> {
  const bundle = await makeBundle(world, { payload: statementAbout(image.digest, draft) });
  await attach(world, image, bundle);
}

function judge(image: Image, inputs: Inputs = {}): ReturnType<typeof world.run> {
  return world.run('src', { ...GATE, images: image.reference, ...inputs });
}

function imageWith(what: string): Image {
  const image = images.get(what);
  if (!image) throw new RangeError(what);
  return image;
}

describe('a gate that requires provenance', () => {
  test.each(contradictions)(
    'rejects provenance with $what',
    async ({ what, rule, expected, found }) => {
      const image = imageWith(what);
      const { exit, outputs, annotations, summary } = await judge(image);
      expect({ exit, ...outputs }).toMatchObject({ exit: 1, verdict: 'rejected' });
      expect([outputs['verified'], outputs['image']]).toEqual(['false', undefined]);
      const [message = '', remedy = ''] = annotations[0]?.message.split('\n') ?? [];
      expect(message).toContain(
        `Cannot accept "${image.reference}": rejected, no acceptable provenance. The provenance contradicts the certificate that signs it`,
      );
      expect(remedy).toBe(
        'To fix: if that build is yours, sign its provenance in the run that builds the image; otherwise do not deploy this image',
      );
      expect(message).toContain(`. ${rule}: expected "${expected}", found "${found}"`);
      expect(summary).toContain(rule);
      const findings = { findings: [{ rule, expected, found }] };
      expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([{ unacceptable: [findings] }]);
    },
  );

  test('accepts provenance of the same build beside one that contradicts its certificate', async () => {
    const image = await world.push('acme/app', { content: 'both' });
    await signAndAttach(world, image);
    await attest(image, stating(fromGitHub(), [...SOURCE, 'digest', 'gitCommit'], NONE));
    await attest(image, fromGitHub());
    const { exit, outputs } = await judge(image);
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
  });
});

test('a gate that requires a signature alone does not read the provenance', async () => {
  const { exit } = await judge(imageWith('another commit'), { require: 'signature' });
  expect(exit).toBe(0);
});
