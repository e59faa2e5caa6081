// Without "id-token: write" signing is impossible: the message contains the YAML to add, and no request is sent.
import { afterAll, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
const without = {
  ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
};

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test('fails and names the missing permissions', async () => {
    await world.forget();
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'sign', images: image.reference },
      { env: without },
    );
    expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toContain(
      'Cannot sign: this job is not allowed to request an identity token\nTo fix: add to the job',
    );
    expect(annotations[0]?.message).toContain(
      '\n  permissions:\n    contents: read\n    id-token: write\n    packages: write',
    );
    expect(await counted(world)).toEqual({});
  });

  test('verifies without an identity token', async () => {
    const { outputs } = await world.run(
      entry,
      { mode: 'verify', images: image.reference },
      { env: without },
    );
    expect(outputs['verdict']).toBe('unattested');
  });

  test('names a token service that answers with an error, without its response body', async () => {
    await world.forget();
    await world.oidc.fault({
      path: '^/token',
      action: { status: 403, body: '{"message":"SECRET-DETAIL"}' },
    });
    const { exit, annotations, stdout } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      'retry-timeout': '0s',
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Cannot get an identity token: the runner's token service answered 403\nTo fix: .*"permissions: id-token: write"/,
      ),
    ]);
    expect(stdout).not.toContain('SECRET-DETAIL');
  });
});
