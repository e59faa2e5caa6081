// Tags are written after everything is stored, and independently of each other.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { ActionError } from '../../src/errors.ts';
import type { StoredBundle } from '../../src/model/bundle.ts';
import { type Digest, digestOf } from '../../src/model/digest.ts';
import type { Tagging } from '../../src/model/report.ts';
import type { Subject } from '../../src/model/subject.ts';
import type { ImageTag } from '../../src/model/tag.ts';
import { registryTagger } from '../../src/tagging/registry-tagger.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect, problemOf } from '../registry/connect.ts';

const registry = await startRegistry();
const tagger = registryTagger(({ repository: { registry: host, path } }) => connect(host, path));
const full = new ActionError('service', 'SERVICE_REFUSED', { message: 'full', remedy: 'r' });
let count = 0;

beforeEach(() => Promise.all([registry.set(defaultSettings), registry.mend()]));
afterAll(() => registry.stop());

async function pushed(): Promise<Subject> {
  const path = `acme/app-${String((count += 1))}`;
  const { digest } = await pushImage(registry, path);
  await registry.clear();
  return { repository: { registry: registry.host, path }, digest: digest as Digest };
}

function storedFor(subject: Subject): StoredBundle {
  return { id: digestOf(Buffer.from('{}')), store: 'registry', subjects: [subject], place: 'here' };
}

async function tag(
  tags: readonly ImageTag[],
  stored: readonly StoredBundle[],
  failures: readonly ActionError[] = [],
): Promise<Tagging> {
  return (await tagger.prepare(tags)).write({ stored, failures });
}

const nameOf = ({ repository: { registry: host, path } }: Subject): string => `${host}/${path}`;
const asked = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(({ method, path }) => `${method} ${path}`);

test('sends no request without tags', async () => {
  const subject = await pushed();
  expect(await tag([], [storedFor(subject)])).toEqual({ tagged: [], failures: [] });
  expect(await asked()).toEqual([]);
});

test('writes nothing before everything is stored', async () => {
  const subject = await pushed();
  await tagger.prepare([{ subject, tag: 'v1' }]);
  expect((await asked()).filter((each) => each.startsWith('PUT'))).toEqual([]);
});

describe('tags are not written', () => {
  test('if a store failed, and one message names all of them', async () => {
    const subject = await pushed();
    const tags = ['v1', 'v2'].map((name) => ({ subject, tag: name }));
    const { tagged, failures } = await tag(tags, [storedFor(subject)], [full]);
    expect(tagged).toEqual([]);
    expect(failures).toMatchObject([
      {
        code: 'TAG_WITHHELD',
        message: `Cannot write "${nameOf(subject)}:v1", "${nameOf(subject)}:v2": not every signature and attestation is stored`,
      },
    ]);
    expect((await asked()).filter((each) => each.startsWith('PUT'))).toEqual([]);
  });

  test('for an image with no stored bundle', async () => {
    const [signed, unsigned] = [await pushed(), await pushed()];
    const tags = [signed, unsigned].map((subject) => ({ subject, tag: 'v1' }));
    const { tagged, failures } = await tag(tags, [storedFor(signed)]);
    expect(tagged).toEqual([{ subject: signed, tag: 'v1', before: undefined }]);
    expect(failures).toMatchObject([
      { code: 'TAG_WITHHELD', message: expect.stringContaining(`"${nameOf(unsigned)}:v1"`) },
    ]);
  });
});

test('writes the other tags if one fails', async () => {
  const subject = await pushed();
  await registry.fault({ method: 'PUT', path: '/manifests/v2$', action: { status: 409 } });
  const tags = ['v1', 'v2', 'v3'].map((name) => ({ subject, tag: name }));
  const { tagged, failures } = await tag(tags, [storedFor(subject)]);
  expect(tagged.map((each) => each.tag)).toEqual(['v1', 'v3']);
  expect(failures).toMatchObject([
    {
      message: expect.stringContaining('Cannot write tag "v2" to'),
      remedy: expect.stringContaining('immutable'),
    },
  ]);
});

describe('a problem before signing', () => {
  test.each([
    ['a tag cannot be read', 'GET', '/manifests/v1$', /^Cannot read the manifest v1 from /],
    ['nothing can be pushed', 'POST', '/blobs/uploads/$', /^Cannot push to /],
    ['the image cannot be read', 'GET', '/manifests/sha256:', /^Cannot read the manifest sha256:/],
  ])('is reported: %s', async (_, method, path, message) => {
    const subject = await pushed();
    await registry.fault({ method, path, action: { status: 403 } });
    expect(await problemOf(tagger.prepare([{ subject, tag: 'v1' }]))).toMatchObject({
      kind: 'permission',
      message: expect.stringMatching(message),
    });
  });

  test('is reported once if the registry rejects everything', async () => {
    const subject = await pushed();
    await registry.fault({ path: '', action: { status: 403 } });
    const tags = ['v1', 'v2'].map((name) => ({ subject, tag: name }));
    expect(await problemOf(tagger.prepare(tags))).toMatchObject({ kind: 'permission' });
  });
});
