// A tag is resolved once; everything afterwards, including later steps, uses that digest.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { asked } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app', { tag: 'v1', content: 'signed' });
const other = await world.push('acme/app', { tag: 'v2', content: 'other' });
await signAndAttach(world, image);
const name = `${world.registry.host}/acme/app`;

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('outputs the digest that a tag had', async () => {
    const { exit, outputs } = await world.run(entry, { mode: 'verify', images: `${name}:v1` });
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({
      verified: 'true',
      digest: image.digest,
      image: image.reference,
      images: image.reference,
    });
    const manifests = (await asked(world.registry)).filter((request) =>
      request.includes('/manifests/v1'),
    );
    expect(manifests).toEqual(['GET /v2/acme/app/manifests/v1']);
  });

  test('accepts a reference with a tag and its digest', async () => {
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: `${name}:v1@${image.digest}`,
    });
    expect({ exit, image: outputs['image'] }).toEqual({ exit: 0, image: image.reference });
  });

  test('applies the "digest" input to images without a digest', async () => {
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: name,
      digest: image.digest,
    });
    expect({ exit, image: outputs['image'] }).toEqual({ exit: 0, image: image.reference });
  });

  test('rejects a tag that no longer has the digest in the reference', async () => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: `${name}:v2@${image.digest}`,
    });
    expect({ exit, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({
      exit: 1,
      verdict: 'rejected',
      image: undefined,
    });
    expect(annotations[0]?.message).toContain(
      `"${name}:v2@${image.digest}": tag v2 points to ${other.digest}`,
    );
    expect(annotations[0]?.message).toContain('\nTo fix: find out who moved the tag');
  });

  test('does not accept a tag that does not exist', async () => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: `${name}:v3`,
    });
    expect({ exit, verified: outputs['verified'], image: outputs['image'] }).toEqual({
      exit: 1,
      verified: 'false',
      image: undefined,
    });
    expect(annotations[0]?.message).toMatch(
      /Cannot verify ".*:v3": ".*\/acme\/app" has no tag "v3".*\nTo fix: check the name/,
    );
  });
});
