// A job that reports success is listed in the fallback tag at the end, even if the registry rejects, delays or loses writes, if reads lag, and if others write at the same time.
import { afterAll, describe, expect, test } from '@jest/globals';

import type { FaultAction } from '../../lab/services/faults.ts';
import { until } from '../../lab/services/until.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { attach, type Attached, listInTag } from './attach.ts';
import { BUNDLE } from '../../lab/services/referrer.ts';
import { asked } from './seen.ts';
import { entries, type Entry, type Image, startWorld, type World } from './world.ts';

const [world, lagging] = await Promise.all([
  startWorld({ registry: { referrers: 'none', references: 'unchecked' } }),
  startWorld({ registry: { referrers: 'none', tagLag: 2500 } }),
]);
const SPDX = 'application/spdx+json';

afterAll(() => Promise.all([world.stop(), lagging.stop()]));

const tagOf = ({ repository, digest }: Image): string =>
  `/v2/${repository}/manifests/${digest.replace(':', '-')}`;

async function listedIn({ registry }: World, image: Image): Promise<readonly string[]> {
  const response = await fetch(registry.url + tagOf(image), { headers: { Accept: '*/*' } });
  const { manifests } = (await response.json()) as { manifests: { digest: string }[] };
  return manifests.map(({ digest }) => digest);
}

function referrersOf(runs: readonly ActionResult[]): readonly string[] {
  expect(runs.map(({ exit, outputs }) => [exit, outputs['signed']])).toEqual(
    runs.map(() => [0, 'true']),
  );
  return runs.map(
    ({ outputs }) =>
      (
        JSON.parse(outputs['results'] ?? '') as [{ bundles: [{ stored: [{ referrer: string }] }] }]
      )[0].bundles[0].stored[0].referrer,
  );
}

/** The signature of another run does not count as its own. */
const sign = (on: World, entry: Entry, image: Image): Promise<ActionResult> =>
  on.run(entry, { mode: 'sign', images: image.reference, 'if-signed': 'sign' });

async function writesOf(image: Image): Promise<number> {
  return (await asked(world.registry)).filter((each) => each === `PUT ${tagOf(image)}`).length;
}

/** Signs an image whose first write of the tag fails with the fault, and does `meanwhile` once that write has arrived. */
async function signWith<T>(
  name: string,
  entry: Entry,
  { action, meanwhile }: { action: FaultAction; meanwhile: (image: Image) => Promise<T> },
): Promise<{ readonly image: Image; readonly run: ActionResult; readonly other: T }> {
  const image = await world.push(`acme/${name}-${entry}`, { content: `${name} ${entry}` });
  await world.registry.fault({ method: 'PUT', path: tagOf(image), times: 1, action });
  const running = sign(world, entry, image);
  await until(async () => (await writesOf(image)) > 0);
  const other = await meanwhile(image);
  return { image, run: await running, other };
}

describe.each(entries)('signing step run from %s', (entry) => {
  test.concurrent(
    'lists two signers if the registry rejects the second for two seconds while the first signs',
    async () => {
      const { image, run, other } = await signWith('refused', entry, {
        action: { status: 503, headers: { 'Retry-After': '2' } },
        meanwhile: (subject) => sign(world, entry, subject),
      });
      expect([...(await listedIn(world, image))].sort()).toEqual(
        [...referrersOf([run, other])].sort(),
      );
    },
  );

  test.concurrent(
    'lists a signer whose write is slow and another tool that writes meanwhile',
    async () => {
      const { image, run, other } = await signWith('slow', entry, {
        action: { delay: 1500 },
        async meanwhile(subject): Promise<Attached> {
          const attached = await attach(world, subject, 'of another tool', SPDX);
          await listInTag(world, subject, [attached]);
          return attached;
        },
      });
      expect([...(await listedIn(world, image))].sort()).toEqual(
        [...referrersOf([run]), other.digest].sort(),
      );
    },
  );

  test.concurrent('lists a signer once if the response to its write is lost', async () => {
    const { image, run } = await signWith('lost', entry, {
      action: { reset: true, processed: true },
      meanwhile: () => Promise.resolve(),
    });
    expect(await listedIn(world, image)).toEqual(referrersOf([run]));
    expect(await writesOf(image)).toBe(1);
  });

  test.concurrent('lists two signers that cannot see each other because reads lag', async () => {
    const image = await lagging.push(`acme/lag-${entry}`, { content: entry });
    const runs = await Promise.all([sign(lagging, entry, image), sign(lagging, entry, image)]);
    await new Promise((resolve) => setTimeout(resolve, 2600));
    expect([...(await listedIn(lagging, image))].sort()).toEqual([...referrersOf(runs)].sort());
  });

  test.concurrent(
    'lists a signer of an image with a thousand entries, and the gate reads its signature',
    async () => {
      const image = await world.push(`acme/many-${entry}`, { content: `many ${entry}` });
      const junk = Array.from({ length: 1000 }, (_, index): Attached => {
        const digest = `sha256:${index.toString(16).padStart(64, '0')}`;
        return { digest, size: 700, artifactType: BUNDLE, blob: '' };
      });
      await listInTag(world, image, junk);
      const [referrer] = referrersOf([await sign(world, entry, image)]);
      expect((await listedIn(world, image))[0]).toBe(referrer);
      const gate = await world.run(entry, { mode: 'verify', images: image.reference });
      expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    },
  );
});
