// The input `tags`: which tag belongs to which image, and what is rejected before the first request.
import { describe, expect, test } from '@jest/globals';

import type { SignRequest } from '../../src/model/request.ts';
import { formatSubject } from '../../src/model/subject.ts';
import { DIGEST, parse, problemsOf, SIGN } from './given.ts';

const OTHER = `sha256:${'cd'.repeat(32)}` as const;
const TWO_IN_ONE = `ghcr.io/acme/app@${DIGEST}\nghcr.io/acme/app@${OTHER}`;
const TWO_REPOSITORIES = 'ghcr.io/acme/app\ndocker.io/acme/app:v0';

async function tagsIn(tags: string, images = 'ghcr.io/acme/app'): Promise<readonly string[]> {
  const { tags: parsed } = (await parse({ ...SIGN, images, tags })) as SignRequest;
  return parsed.map(({ subject, tag }) => `${tag} ${formatSubject(subject)}`);
}

async function problemWith(tags: string, images = 'ghcr.io/acme/app'): Promise<readonly string[]> {
  return (await problemsOf({ ...SIGN, images, tags })).map(
    ({ message, remedy }) => `${message}; ${remedy}`,
  );
}

describe('a tag', () => {
  test('belongs to no image if there is no tag', async () => {
    expect(await tagsIn('')).toEqual([]);
  });

  test('belongs to every image if it has no name', async () => {
    expect(await tagsIn('v1, latest', TWO_REPOSITORIES)).toEqual([
      `v1 ghcr.io/acme/app@${DIGEST}`,
      `v1 docker.io/acme/app@${DIGEST}`,
      `latest ghcr.io/acme/app@${DIGEST}`,
      `latest docker.io/acme/app@${DIGEST}`,
    ]);
  });

  test('belongs to the image with its name, as metadata-action writes it', async () => {
    expect(await tagsIn('acme/app:v1\nghcr.io/ACME/app:v2', TWO_REPOSITORIES)).toEqual([
      `v1 docker.io/acme/app@${DIGEST}`,
      `v2 ghcr.io/acme/app@${DIGEST}`,
    ]);
  });

  test('belongs to the image with its digest', async () => {
    expect(await tagsIn(`ghcr.io/acme/app:v1@${OTHER}`, TWO_IN_ONE)).toEqual([
      `v1 ghcr.io/acme/app@${OTHER}`,
    ]);
  });

  test('belongs to an image once, even if it or the image is repeated', async () => {
    const twice = 'ghcr.io/acme/app:v0\nghcr.io/acme/app';
    expect(await tagsIn('v1\nv1\nghcr.io/acme/app:v1', twice)).toEqual([
      `v1 ghcr.io/acme/app@${DIGEST}`,
    ]);
  });
});

describe('an invalid tag', () => {
  test.each([
    [
      'one of another repository',
      'ghcr.io/acme/other:v1',
      'Cannot use "tags": "ghcr.io/acme/other:v1" is a tag in "ghcr.io/acme/other", which no image of this step is in; use tags of ghcr.io/acme/app, or add the image to "images"',
    ],
    [
      'one with another digest',
      `ghcr.io/acme/app:v1@${OTHER}`,
      `Cannot use "tags": "ghcr.io/acme/app:v1@${OTHER}" names a digest that no image of this step has; use tags of ghcr.io/acme/app, or add the image to "images"`,
    ],
    [
      'a name without a tag',
      'ghcr.io/acme/app',
      'Cannot use "tags": "ghcr.io/acme/app" has no tag; write a tag, or an image with one: v1, ghcr.io/acme/app:v1',
    ],
    [
      'text that is not a tag',
      'v1+build',
      'Cannot use "tags": "v1+build" is not a valid tag; write at most 128 letters, digits, ".", "_" and "-", without "." or "-" in front',
    ],
    ['only a comma', ',', 'Cannot use "tags": it has no value; write a value, or remove "tags"'],
    [
      'one that lists signatures',
      `sha256-${'ab'.repeat(32)}`,
      `Cannot use "tags": "sha256-${'ab'.repeat(32)}" has the form of a tag that lists signatures; choose a tag that does not begin with "sha256-" and a digest`,
    ],
    [
      'one that lists signatures, with a name and a suffix',
      `ghcr.io/acme/app:sha256-${'ab'.repeat(32)}.sig`,
      expect.stringContaining('has the form of a tag that lists signatures'),
    ],
  ])('is rejected: %s', async (_, tags, problem) => {
    expect(await problemWith(tags)).toEqual([problem]);
  });

  test.each(['v1', 'ghcr.io/acme/app:v1'])(
    'is rejected if two images are in one repository: %s',
    async (tag) => {
      expect(await problemWith(tag, TWO_IN_ONE)).toEqual([
        `Cannot use "tags": "${tag}" could be a tag of several images in "ghcr.io/acme/app"; name the image of each tag by its digest: ghcr.io/acme/app:v1@${DIGEST}`,
      ]);
    },
  );

  test('is rejected for two images', async () => {
    const tags = `ghcr.io/acme/app:v1@${DIGEST}\nghcr.io/acme/app:v1@${OTHER}`;
    expect(await problemWith(tags, TWO_IN_ONE)).toEqual([
      'Cannot use "tags": "ghcr.io/acme/app:v1" is given to two images; give each image tags of its own',
    ]);
  });

  test('is reported even if the images are invalid, too', async () => {
    expect(await problemWith('v1+build', 'ghcr.io/acme/app:')).toHaveLength(2);
  });

  test('is rejected in a gate', async () => {
    expect(
      await problemsOf({ mode: 'verify', images: 'ghcr.io/acme/app:v1', tags: 'v1' }),
    ).toMatchObject([
      { message: 'Cannot use "tags" with "mode: verify": it belongs to "mode: sign"' },
    ]);
  });
});
