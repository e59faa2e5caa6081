// A step that is killed at any of its requests, and then run again: the image verifies, and everything is listed once.
import { afterAll, expect, test } from '@jest/globals';

import { killAt, pointsOf } from '../../lab/bench/kills/kill.ts';
import { listedAt } from '../../lab/bench/kills/listed.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { type Image, type Inputs, sampled, startWorld } from './world.ts';

const world = await startWorld({ registry: { auth: 'none' } });
type Name = 'oidc' | 'sigstore' | 'registry';

const services = { oidc: world.oidc, sigstore: world.sigstore, registry: world.registry };

afterAll(() => world.stop());

const digestsOf = ({ digest, platforms }: Image): readonly string[] => [
  digest,
  ...Object.values(platforms),
];

const sign = (
  image: Image,
  inputs: Inputs,
  kill?: Promise<NodeJS.Signals>,
): Promise<ActionResult> =>
  world.run('src', { mode: 'sign', images: image.reference, ...inputs }, kill ? { kill } : {});

test.each<[string, readonly string[], Inputs, readonly Name[]]>([
  ['an image', [], {}, ['oidc', 'sigstore', 'registry']],
  // The other services cannot distinguish it from an image.
  ['an index with its platforms', ['linux/amd64'], { recursive: 'true' }, ['registry']],
])(
  'lists every signature once after a run was killed and another one completed: %s',
  async (name, platforms, inputs, names) => {
    const push = (content: string): Promise<Image> =>
      world.push('acme/app', { content: `${name} ${content}`, platforms });
    const first = await push('undisturbed');
    const struck = Object.fromEntries(names.map((each) => [each, services[each]]));
    const points = await pointsOf(struck, ['after'], () => sign(first, inputs));
    expect(points.length).toBeGreaterThan(6);
    const killed: (readonly [string, Image])[] = [];
    for (const [index, point] of sampled(points).entries()) {
      const image = await push(String(index));
      const run = (kill?: Promise<NodeJS.Signals>): Promise<ActionResult> =>
        sign(image, inputs, kill);
      const { last } = await killAt(struck, point, { run, signal: 'SIGKILL' });
      killed.push([`${point.service} ${point.number}: ${last ?? 'not reached'}`, image]);
    }
    // One run completes all images, which takes a fraction of the time.
    const images = killed.map(([, { reference }]) => reference).join('\n');
    expect(await sign({ ...first, reference: images }, inputs)).toMatchObject({
      exit: 0,
      outputs: { signed: 'true' },
    });
    for (const [point, image] of killed) {
      const listed = await listedAt(world.registry, image.repository, digestsOf(image));
      expect([point, listed]).toEqual([point, digestsOf(image).map(() => 1)]);
    }
    expect(await world.run('src', { mode: 'verify', images, ...inputs })).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted' },
    });
  },
);
