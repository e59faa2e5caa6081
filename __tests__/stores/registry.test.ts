// Bundles stored next to an image, in registries with, without, or falsely claiming the Referrers API.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { actionErrorsOf } from '../../src/errors.ts';
import type { MadeBundle } from '../../src/model/bundle.ts';
import type { Claim } from '../../src/model/claim.ts';
import type { Digest } from '../../src/model/digest.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Subject } from '../../src/model/subject.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { fallbackTag } from '../../src/registry/referrer.ts';
import { registrySource } from '../../src/sources/registry.ts';
import { registryStore } from '../../src/stores/registry.ts';
import type { StoreOutcome } from '../../src/stores/store.ts';
import { collect } from '../sources/collect.ts';
import { connect, problemOf } from '../registry/connect.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import type { FaultAction } from '../../lab/services/faults.ts';
import { type RegistryHandle, startRegistry } from '../../lab/services/start.ts';
import { madeBundle } from './made.ts';

const [registry, lying] = await Promise.all([
  startRegistry(),
  startRegistry({ referrers: 'none', subjectHeader: 'always' }),
]);
let count = 0;

beforeEach(async () => {
  await Promise.all([registry.set(defaultSettings), registry.clear(), registry.mend()]);
});
afterAll(() => Promise.all([registry.stop(), lying.stop()]));

const clientFor = ({ repository: { registry: host, path } }: Subject): RegistryClient =>
  connect(host, path);
const store = registryStore({ clientFor, evidenceFor: clientFor, ifImageMissing: 'copy it' });

async function pushed(at: RegistryHandle = registry, content = 'hello'): Promise<Subject> {
  const path = `acme/app-${String((count += 1))}`;
  const { digest } = await pushImage(at, path, { content });
  await at.clear();
  return { repository: { registry: at.host, path }, digest: digest as Digest };
}

const SIGNATURE: Claim = { kind: 'signature', annotations: {} };
const CLAIMS: NonEmpty<Claim> = [SIGNATURE, { kind: 'provenance' }];

function bundlesAbout(...subjects: NonEmpty<Subject>): readonly MadeBundle[] {
  return [SIGNATURE_TYPE, PROVENANCE_TYPE].map((predicateType) =>
    madeBundle({
      subjects,
      predicateType,
      json: Buffer.from(`{"about":"${subjects[0].digest}","type":"${predicateType}"}`),
    }),
  );
}

async function storeAll(
  subjects: NonEmpty<Subject>,
  bundles: readonly MadeBundle[],
): Promise<StoreOutcome> {
  return (await store.prepare(subjects, CLAIMS)).store(bundles);
}

async function foundFor(subject: Subject): Promise<readonly string[]> {
  const { registry: host, path } = subject.repository;
  const source = registrySource(() => connect(host, path), { used: 0 });
  const { found } = await collect(source.find(subject, new AbortController().signal));
  return found.map(({ json }) => json.toString()).sort();
}

const jsons = (bundles: readonly MadeBundle[]): readonly string[] =>
  bundles.map(({ signed }) => signed.json.toString()).sort();
const sent = async (method: string, part: string): Promise<number> =>
  (await registry.requests()).filter((each) => each.method === method && each.path.includes(part))
    .length;

describe('bundles', () => {
  test('are stored, listed by the registry and found, without a fallback tag', async () => {
    const subject = await pushed();
    const bundles = bundlesAbout(subject);
    const { stored, failures } = await storeAll([subject], bundles);
    expect(failures).toEqual([]);
    expect(
      stored.map(({ id, store: name, place, referrer }) => [
        id,
        name,
        place === `${registry.host}/${subject.repository.path}@${referrer ?? ''}`,
      ]),
    ).toEqual(bundles.map(({ signed }) => [signed.id, 'registry', true]));
    expect(await foundFor(subject)).toEqual(jsons(bundles));
    expect(await sent('PUT', fallbackTag(subject.digest))).toBe(0);
  });

  test.each(['none', 'api'] as const)(
    'are listed in the tag in one update if the registry ignores the subject and its API is %s',
    async (referrers) => {
      await registry.set({ referrers, subjectHeader: 'never' });
      const subject = await pushed();
      const bundles = bundlesAbout(subject);
      expect((await storeAll([subject], bundles)).failures).toEqual([]);
      expect(await foundFor(subject)).toEqual(jsons(bundles));
      expect(await sent('PUT', fallbackTag(subject.digest))).toBe(1);
    },
  );

  test('of one digest are stored in each of its repositories and in no other', async () => {
    const [one, two, other] = [await pushed(), await pushed(), await pushed(registry, 'other')];
    const bundles = [...bundlesAbout(one, two), ...bundlesAbout(other)];
    const { stored } = await storeAll([one, two, other], bundles);
    expect(stored).toHaveLength(6);
    expect(await foundFor(two)).toEqual(jsons(bundles.slice(0, 2)));
    expect(await foundFor(other)).toEqual(jsons(bundles.slice(2)));
  });

  test('are stored even if the uploads that were opened early are gone', async () => {
    const subject = await pushed();
    const prepared = await store.prepare([subject], CLAIMS);
    await registry.fault({ method: 'PUT', path: '/uploads/', times: 2, action: { status: 404 } });
    expect((await prepared.store(bundlesAbout(subject))).failures).toEqual([]);
    expect(await foundFor(subject)).toHaveLength(2);
  });

  test('are stored in the other repositories if one fails, and the failure is reported', async () => {
    const [good, bad] = [await pushed(), await pushed()];
    const prepared = await store.prepare([good, bad], CLAIMS);
    await registry.fault({
      method: 'PUT',
      path: `/${bad.repository.path}/manifests/`,
      action: { status: 500 },
    });
    const { stored, failures } = await prepared.store(bundlesAbout(good, bad));
    expect(stored.map(({ subjects }) => subjects)).toEqual([[good], [good]]);
    expect(failures).not.toEqual([]);
    expect(failures).toMatchObject(
      failures.map(() => ({
        kind: 'service',
        message: expect.stringContaining(bad.repository.path),
      })),
    );
  });

  test('are stored, found and reported if another bundle fails', async () => {
    const subject = await pushed();
    const prepared = await store.prepare([subject], CLAIMS);
    await registry.fault({
      method: 'PUT',
      path: '/manifests/sha256:',
      times: 1,
      action: { status: 400 },
    });
    const bundles = bundlesAbout(subject);
    const { stored, failures } = await prepared.store(bundles);
    expect([stored.length, failures.length]).toEqual([1, 1]);
    const written = bundles.filter(({ signed }) => signed.id === stored[0]?.id);
    expect(await foundFor(subject)).toEqual(jsons(written));
  });

  test.each<[string, FaultAction, string]>([
    ['500', { status: 500 }, 'SERVICE_UNREACHABLE'],
    ['401', { status: 401 }, 'PERMISSION_REGISTRY'],
    ['204', { status: 204 }, 'SERVICE_REFUSED'],
    ['a login page', { status: 302, headers: { Location: '/login' } }, 'SERVICE_ANSWER'],
  ])(
    'are reported with their place if they are written and the list answers %s',
    async (_, action, code) => {
      const subject = await pushed();
      const prepared = await store.prepare([subject], CLAIMS);
      await registry.fault({ method: 'GET', path: '/referrers/', action });
      const { failures } = await prepared.store(bundlesAbout(subject));
      expect(failures.map((each) => [each.code, each.message])).toEqual([
        [code, expect.stringMatching(/stored as sha256:\w+ and sha256:\w+, but it is unknown/)],
      ]);
      expect(failures[0]?.remedy).toContain('a new run uses this signature if it finds it');
      expect(await sent('PUT', fallbackTag(subject.digest))).toBe(0);
    },
  );

  test('are written again if the registry lost them from its list', async () => {
    await registry.set({ referrersLost: 1 });
    const subject = await pushed();
    expect((await storeAll([subject], bundlesAbout(subject))).failures).toEqual([]);
    expect(await sent('PUT', fallbackTag(subject.digest))).toBe(0);
    expect(await foundFor(subject)).toHaveLength(2);
  });

  test('are waited for if they are listed late, and are not listed twice', async () => {
    await registry.set({ referrersLag: 300 });
    const subject = await pushed();
    expect((await storeAll([subject], bundlesAbout(subject))).failures).toEqual([]);
    expect(await sent('PUT', fallbackTag(subject.digest))).toBe(0);
    expect(await foundFor(subject)).toHaveLength(2);
  });
});

describe('the preparation', () => {
  test('opens an upload for each bundle, reads the image and stores the empty config', async () => {
    const subject = await pushed();
    const prepared = await store.prepare([subject], CLAIMS);
    expect(prepared.takes('anything', 'bundle')).toBe(true);
    expect(prepared.takes('anything', 'layer')).toBe(false);
    expect([
      await sent('GET', `/manifests/${subject.digest}`),
      await sent('POST', '/uploads/'),
      await sent('PUT', '/manifests/'),
    ]).toEqual([1, 3, 0]);
  });

  test('reports every failure, once per repository', async () => {
    const [one, two] = [await pushed(), await pushed()];
    await registry.set({ push: 'denied' });
    const thrown: unknown = await store
      .prepare([one, two], CLAIMS)
      .catch((error: unknown) => error);
    expect(
      actionErrorsOf(thrown).map(({ code, message }) => [code, /"(.*?)"/.exec(message)?.[1]]),
    ).toEqual([
      ['PERMISSION_REGISTRY', `${registry.host}/${one.repository.path}`],
      ['PERMISSION_REGISTRY', `${registry.host}/${two.repository.path}`],
    ]);
  });
});

// Each of these waits for as long as a registry may take to show a write.
describe('the longest wait', () => {
  test.concurrent(
    'ends with the fallback tag if a registry claims to list referrers but does not',
    async () => {
      const subject = await pushed(lying);
      const bundles = bundlesAbout(subject);
      expect((await storeAll([subject], bundles)).failures).toEqual([]);
      expect(await foundFor(subject)).toEqual(jsons(bundles));
    },
  );

  test.concurrent('ends with an input problem if the image does not exist', async () => {
    const subject: Subject = {
      repository: { registry: lying.host, path: 'acme/missing' },
      digest: `sha256:${'0'.repeat(64)}`,
    };
    expect(await problemOf(store.prepare([subject], [SIGNATURE]))).toMatchObject({
      kind: 'input',
      code: 'SUBJECT_MISSING',
      message: `Cannot sign "${lying.host}/acme/missing@sha256:${'0'.repeat(64)}": the registry has no such manifest`,
      remedy: expect.stringContaining('digest: ${{ steps.build.outputs.digest }}'),
    });
  });
});
