// Images in the metadata of buildx, for one build and for the targets of bake.
import { describe, expect, test } from '@jest/globals';

import { type BuiltImages, parseMetadata } from '../../src/names/metadata.ts';
import type { Parsed } from '../../src/text/parsed.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const OTHER = `sha256:${'cd'.repeat(32)}`;
/** In the form of docker/build-push-action, shortened. */
const BUILD = {
  'buildx.build.provenance': {
    builder: { id: '' },
    buildType: 'https://mobyproject.org/buildkit@v1',
  },
  'buildx.build.ref': 'builder-1/builder-10/0fjb6ubs52xx3vygf6fgdl611',
  'containerimage.descriptor': {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    digest: DIGEST,
    size: 1609,
  },
  'containerimage.digest': DIGEST,
  'image.name': 'ghcr.io/acme/app:v1,ghcr.io/acme/app:latest,acme/app:v1',
};
const UNPUSHED = { 'buildx.build.ref': 'builder-1/builder-10/kamngmcgyzebqxwu98b4lfv3n' };

const parse = (value: unknown): Parsed<BuiltImages> => parseMetadata(JSON.stringify(value));

function named(parsed: Parsed<BuiltImages>): readonly string[] {
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value.images.map(
    ({ repository, tag, digest }) =>
      `${repository.registry}/${repository.path}:${tag ?? ''}@${digest}`,
  );
}

describe('the metadata of a build', () => {
  test('has each of its names with the pushed digest', () => {
    expect(named(parse(BUILD))).toEqual([
      `ghcr.io/acme/app:v1@${DIGEST}`,
      `ghcr.io/acme/app:latest@${DIGEST}`,
      `docker.io/acme/app:v1@${DIGEST}`,
    ]);
  });

  test('has only a repository if it was pushed by digest', () => {
    expect(named(parse({ ...BUILD, 'image.name': 'ghcr.io/acme/app' }))).toEqual([
      `ghcr.io/acme/app:@${DIGEST}`,
    ]);
  });

  test.each<[string, object]>([
    ['without a push', UNPUSHED],
    ['without a name', { ...BUILD, 'image.name': undefined }],
    ['with an empty name', { ...BUILD, 'image.name': '' }],
    ['without a digest', { ...BUILD, 'containerimage.digest': undefined }],
    ['with the digest of the config', { ...BUILD, 'containerimage.config.digest': DIGEST }],
  ])('has no image %s', (_, json) => {
    expect(parse(json)).toEqual({
      problem: 'no build in it has both image.name and containerimage.digest',
      remedy: expect.stringContaining('push: true'),
    });
  });
});

describe('the metadata of bake', () => {
  const web = { ...BUILD, 'image.name': 'ghcr.io/acme/web:v1', 'containerimage.digest': OTHER };

  test('has every pushed target and lists the others', () => {
    const parsed = parse({
      'buildx.build.warnings': [{ vertex: 'sha256:…' }],
      app: BUILD,
      lint: UNPUSHED,
      web,
      'no-output': {},
    });
    expect(named(parsed)).toEqual([
      `ghcr.io/acme/app:v1@${DIGEST}`,
      `ghcr.io/acme/app:latest@${DIGEST}`,
      `docker.io/acme/app:v1@${DIGEST}`,
      `ghcr.io/acme/web:v1@${OTHER}`,
    ]);
    expect(parsed).toMatchObject({ value: { unpushed: ['lint', 'no-output'] } });
  });

  test('with one target is not a build without a name', () => {
    expect(named(parse({ web }))).toEqual([`ghcr.io/acme/web:v1@${OTHER}`]);
  });

  test('names the targets if none was pushed', () => {
    expect(parse({ 'buildx.build.warnings': {}, lint: UNPUSHED, docs: UNPUSHED })).toMatchObject({
      problem: 'no target in it ("lint", "docs") has both image.name and containerimage.digest',
    });
  });

  test.each<[string, object, string]>([
    [
      'name',
      { 'image.name': 'ghcr.io/acme/Web:é' },
      'target "web": "ghcr.io/acme/Web:é" has no valid tag',
    ],
    [
      'name in a list',
      { 'image.name': 'ghcr.io/acme/web,' },
      'target "web": "" is not a valid repository name',
    ],
    ['list of names', { 'image.name': ['ghcr.io/acme/web'] }, 'target "web": its image.name or'],
    ['digest', { 'containerimage.digest': 'latest' }, 'target "web": "latest" is not "sha256:"'],
    ['digest', { 'containerimage.digest': 7 }, 'target "web": its image.name or'],
    [
      'second digest',
      { 'image.name': `ghcr.io/acme/web@${DIGEST}` },
      'has another digest beside it',
    ],
  ])('is rejected with the name of the target for an invalid %s', (_, changes, problem) => {
    expect(parse({ app: BUILD, web: { ...web, ...changes } })).toMatchObject({
      problem: expect.stringContaining(problem),
    });
  });
});

describe('a file that is not metadata', () => {
  test.each<[string, string, string]>([
    ['nothing', ' ', 'it is empty'],
    ['a list', '[]', 'it is a JSON list, not an object'],
    ['a reference', 'ghcr.io/acme/app:v1', 'it is text of another kind'],
    ['a truncated file', '{"image.name":', 'it is not JSON'],
    [
      'a duplicate digest',
      `{"image.name":"a","image.name":"b"}`,
      'it has the key "image.name" twice',
    ],
    ['no build', '{}', 'no build in it has both'],
    ['another object', '{"version":1,"subjects":[]}', '"version" is not a target of bake'],
    ['an object of objects', '{"auths":{"ghcr.io":{}}}', '"auths" is not a target of bake'],
    [
      'the output of metadata-action',
      '{"tags":["ghcr.io/acme/app:v1"],"labels":{"org.opencontainers.image.title":"app"}}',
      'it is the output of docker/metadata-action',
    ],
    ['too many builds', `{"a":"${'x'.repeat(4 << 20)}"}`, 'over the limit of 4194304'],
  ])('is rejected: %s', (_, text, problem) => {
    expect(parseMetadata(text)).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});
