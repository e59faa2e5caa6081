// A step that runs after one of its job that ended early: what that has signed and not stored or not listed is finished, not signed again.
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { ActionResult, ActionRun } from '../../lab/runner/run-action.ts';
import { listedAt } from '../../lab/bench/kills/listed.ts';
import { until } from '../../lab/services/until.ts';
import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const LOG = '/api/v2/log/entries';

const world = await startWorld({ registry: { auth: 'none' } });

beforeEach(() => world.forget());
afterAll(() => world.stop());

// The empty config is a blob that every repository gets once.
await world
  .push('acme/app')
  .then(({ reference }) => world.run('src', { mode: 'sign', images: reference }));

describe.each(entries)('signing step run from %s', (entry) => {
  const sign = (images: string, changes: Partial<ActionRun> = {}): Promise<ActionResult> =>
    world.run(entry, { mode: 'sign', images }, changes);
  const inJobOf = ({ temp }: ActionResult): Partial<ActionRun> => ({
    env: { RUNNER_TEMP: temp },
  });

  /** Killed at the first request like this, which is not executed. */
  const killed = async (
    images: string,
    method: 'GET' | 'PUT',
    at: string,
  ): Promise<ActionResult> => {
    await world.forget();
    await world.registry.fault({ method, path: at, action: { hang: true } });
    const isThere = async (): Promise<boolean> =>
      (await asked(world.registry)).some((each) => new RegExp(`^${method} .*${at}`).test(each));
    const result = await sign(images, { kill: until(isThere).then(() => 'SIGKILL') });
    expect(result.exit).toBe(137);
    return result;
  };

  test.each([
    ['logged and did not store', '/blobs/uploads/', 0],
    ['stored and did not list', '/manifests/sha256-', 1],
  ] as const)(
    'finishes the work of an earlier step of the job that %s',
    async (name, at, written) => {
      await world.registry.set({ referrers: 'none' });
      const { reference, repository, digest } = await world.push('acme/app', {
        content: `${entry} ${name}`,
      });
      const first = await killed(reference, 'PUT', at);
      const before = await manifestsWritten(world.registry);
      expect(before.filter((each) => each.includes('/sha256:'))).toHaveLength(written);
      await world.forget();

      const { exit, outputs, log } = await sign(reference, inJobOf(first));
      expect({ exit, signed: outputs['signed'], why: outputs['skip-reason'] }).toEqual({
        exit: 0,
        signed: 'true',
        why: 'already-signed',
      });
      expect(log).toContain(`Already signed: ${reference}`);
      expect(await asked(world.sigstore)).toEqual([]);
      // The manifest that was there is the one that is listed.
      expect(await manifestsWritten(world.registry)).toEqual(
        expect.arrayContaining(before.filter((each) => each.includes('/sha256:'))),
      );
      expect(await listedAt(world.registry, repository, [digest])).toEqual([1]);
      await world.registry.set({ referrers: 'api' });
    },
  );

  test('uses a stored signature before a kept one', async () => {
    const { reference, repository, digest } = await world.push('acme/app', {
      content: `${entry} both`,
    });
    const first = await killed(reference, 'PUT', '/blobs/uploads/');
    await world.forget();
    expect(await sign(reference)).toMatchObject({ outputs: { 'skip-reason': '' } });
    expect(await sign(reference, inJobOf(first))).toMatchObject({
      exit: 0,
      outputs: { 'skip-reason': 'already-signed' },
    });
    expect(await listedAt(world.registry, repository, [digest])).toEqual([1]);
  });

  test('a step finishes what one kept that was killed while it signed the other images', async () => {
    const pushed = await Promise.all(
      ['first', 'second'].map((name) =>
        world.push('acme/app', { content: `${entry} while signing the ${name}` }),
      ),
    );
    const images = pushed.map(({ reference }) => reference).join('\n');
    const temp = await mkdtemp(path.join(tmpdir(), 'killed-'));
    const isOneKept = async (): Promise<boolean> => {
      const [directory] = await readdir(temp);
      const file = path.join(temp, directory ?? '', 'bundles.jsonl');
      return (await readFile(file, 'utf8').catch(() => '')).endsWith('\n');
    };
    await world.forget();
    await world.sigstore.fault({ path: LOG, skip: 1, action: { hang: true } });
    const inJob = { env: { RUNNER_TEMP: temp } };
    const kill = until(isOneKept).then(() => 'SIGKILL' as const);
    expect(await sign(images, { ...inJob, kill })).toMatchObject({ exit: 137 });
    await world.forget();

    expect(await sign(images, inJob)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    const logged = (await asked(world.sigstore)).filter((each) => each.includes(LOG));
    expect(logged).toHaveLength(1);
    for (const { repository, digest } of pushed)
      expect(await listedAt(world.registry, repository, [digest])).toEqual([1]);
  });

  test('ignores a kept file that cannot be read', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} broken` });
    const first = await killed(reference, 'PUT', '/blobs/uploads/');
    for (const name of await readdir(first.temp))
      await writeFile(path.join(first.temp, name, 'bundles.jsonl'), '{\n\0\n');
    await mkdir(path.join(first.temp, 'countersign-x', 'bundles.jsonl'), { recursive: true });
    await world.forget();
    expect(await sign(reference, inJobOf(first))).toMatchObject({
      exit: 0,
      outputs: { signed: 'true', 'skip-reason': '' },
    });
  });

  test('signs although files of other signers or images are kept', async () => {
    const [one, other] = await Promise.all(
      ['one', 'other'].map((content) => world.push('acme/app', { content: `${entry} ${content}` })),
    );
    await world.oidc.set({ claims: { event_name: 'schedule' } });
    const first = await killed(one?.reference ?? '', 'PUT', '/blobs/uploads/');
    await world.oidc.set({ claims: {} });
    await world.forget();
    for (const image of [one, other])
      expect(await sign(image?.reference ?? '', inJobOf(first))).toMatchObject({
        exit: 0,
        outputs: { 'skip-reason': '' },
      });
  });
});
