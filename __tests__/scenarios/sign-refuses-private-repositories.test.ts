// The name of a private repository is not written to public logs unless the workflow allows it.
import { afterAll, describe, expect, test } from '@jest/globals';

import { asked } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
await world.oidc.set({ claims: { repository_visibility: 'private' } });

afterAll(() => world.stop());

describe.each(entries)('from %s', (entry) => {
  test('without "sigstore": fails before any request except to the runner', async () => {
    await world.forget();
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      sigstore: '',
    });
    expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
    expect(annotations.map(({ message }) => message)).toEqual([
      'Cannot sign: "acme/app" is private, and signing would publish its name permanently in public logs\nTo fix: set "sigstore: public-good" to accept that, or name the signing configuration of a private Sigstore instance',
    ]);
    expect(await asked(world.sigstore)).toEqual([]);
  });

  test('with a private instance: signs', async () => {
    const { exit, outputs } = await world.run(entry, { mode: 'sign', images: image.reference });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
  });
});
