// From a reference to a digest: resolved once, and checked against the content.
import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { isProblem } from '../../src/text/parsed.ts';
import { parseReference, type Reference } from '../../src/model/reference.ts';
import { type Resolved, resolveBy } from '../../src/subjects/resolve.ts';
import { connect, problemOf } from '../registry/connect.ts';
import { pushImage } from '../../lab/services/image.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { until } from '../../lab/services/until.ts';

const registry = await startRegistry();
const image = await pushImage(registry, 'acme/app', { tag: 'v1' });
const other = await pushImage(registry, 'acme/app', { tag: 'v2', content: 'other' });
const resolveReference = resolveBy(({ repository }) =>
  connect(repository.registry, repository.path),
);

beforeEach(async () => {
  await Promise.all([registry.clear(), registry.mend()]);
});
afterAll(() => registry.stop());

function reference(rest: string): Reference {
  const parsed = parseReference(`${registry.host}/${rest}`);
  if (isProblem(parsed)) throw new Error(parsed.problem);
  return parsed.value;
}

const resolve = (rest: string): Promise<Resolved> => resolveReference(reference(rest));
const asked = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(({ method, path }) => `${method} ${path}`);

describe('a tag', () => {
  test('is resolved once, and then replaced by its digest', async () => {
    const { subject, confirmed } = await resolve('acme/app:v1');
    await confirmed;
    expect(subject).toEqual({
      repository: { registry: registry.host, path: 'acme/app' },
      digest: image.digest,
    });
    expect(await asked()).toEqual(['GET /v2/acme/app/manifests/v1']);
  });

  test('that does not exist is an input problem', async () => {
    expect(await problemOf(resolve('acme/app:v9'))).toMatchObject({
      kind: 'input',
      code: 'SUBJECT_MISSING',
      message: `Cannot verify "${registry.host}/acme/app:v9": "${registry.host}/acme/app" has no tag "v9"`,
    });
  });

  test('is rejected if its bytes do not match the digest from the registry', async () => {
    await registry.fault({ method: 'GET', path: '/manifests/', action: { corrupt: true } });
    expect(await problemOf(resolve('acme/app:v1'))).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });
});

describe('a digest', () => {
  test('is resolved without waiting and confirmed in parallel', async () => {
    await registry.fault({ path: '/manifests/', times: 1, action: { delay: 2000 } });
    const { subject, confirmed } = await resolve(`acme/app@${image.digest}`);
    let isConfirmed = false;
    void confirmed.then(() => (isConfirmed = true));
    await nextTurn();
    expect(isConfirmed).toBe(false);
    expect(subject.digest).toBe(image.digest);
    await confirmed;
    expect(await asked()).toEqual([`GET /v2/acme/app/manifests/${image.digest}`]);
  });

  test('is not confirmed if the registry does not have it', async () => {
    const missing = `sha256:${'0'.repeat(64)}`;
    const { confirmed } = await resolve(`acme/app@${missing}`);
    expect(await problemOf(confirmed)).toMatchObject({
      code: 'SUBJECT_MISSING',
      message: expect.stringContaining(`has no manifest ${missing}`),
    });
  });

  test('is not confirmed if its bytes do not match', async () => {
    await registry.fault({ method: 'GET', path: '/manifests/', action: { corrupt: true } });
    expect(await problemOf((await resolve(`acme/app@${image.digest}`)).confirmed)).toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });

  test('does not crash the process if its confirmation is not awaited', async () => {
    await registry.fault({ path: '/manifests/', action: { status: 500 } });
    await resolve(`acme/app@${image.digest}`);
    await until(async () => (await asked()).length === 1);
    await new Promise((passed) => setTimeout(passed, 1000));
  });
});

describe('a tag with a digest', () => {
  test('is confirmed if the tag has the digest', async () => {
    const { subject, confirmed } = await resolve(`acme/app:v1@${image.digest}`);
    await confirmed;
    expect([subject.digest, await asked()]).toEqual([
      image.digest,
      ['GET /v2/acme/app/manifests/v1'],
    ]);
  });

  test('is rejected with the digest of the tag if they differ', async () => {
    const { subject, confirmed } = await resolve(`acme/app:v2@${image.digest}`);
    expect(subject.digest).toBe(image.digest);
    expect(await problemOf(confirmed)).toMatchObject({
      kind: 'input',
      code: 'SUBJECT_MOVED',
      message: `Cannot verify "${registry.host}/acme/app:v2@${image.digest}": tag v2 points to ${other.digest}`,
      remedy: expect.stringContaining('remove the tag from the reference'),
    });
  });

  test('is rejected if the tag does not exist', async () => {
    expect(await problemOf((await resolve(`acme/app:v9@${image.digest}`)).confirmed)).toMatchObject(
      { code: 'SUBJECT_MISSING' },
    );
  });
});
