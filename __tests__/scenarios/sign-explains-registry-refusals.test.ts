// Problems with the registry are found before anything is logged or stored, all at once, each with the registry's response and a remedy.
import { afterAll, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const { host } = world.registry;
const names = ['good', 'unauthorized', 'forbidden', 'gone', 'page'];
const [{ digest } = { digest: '' }] = await Promise.all(
  names.map((name) => world.push(`acme/${name}`)),
);
const denied = JSON.stringify({ errors: [{ code: 'DENIED', message: 'SECRET-DETAIL' }] });
const page = {
  status: 200,
  headers: { 'Content-Type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
};
await world.registry.fault({
  path: '^/v2/acme/unauthorized/',
  action: { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="r"' } },
});
await world.registry.fault({
  path: '^/v2/acme/forbidden/blobs/uploads/',
  action: { status: 403, headers: { 'Content-Type': 'application/json' }, body: denied },
});
await world.registry.fault({ path: '^/v2/acme/gone/blobs/uploads/', action: { status: 404 } });
await world.registry.fault({ path: '^/v2/acme/page/', action: page });
await world.registry.clear();
const runs = await world.fromEach({
  mode: 'sign',
  images: [...names, 'missing'].map((name) => `${host}/acme/${name}`).join('\n'),
  digest,
});

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  const run = runs[entry];

  test('fails and reports that nothing is signed', () => {
    expect(run).toMatchObject({ exit: 1, outputs: { signed: 'false' } });
  });

  test.each([
    [
      401,
      'unauthorized',
      /answered 401\nTo fix: log in to 127\.0\.0\.1:\d+ with docker\/login-action before this step/,
    ],
    [403, 'forbidden', /answered 403 DENIED\nTo fix: /],
    [404, 'gone', /answered 404\nTo fix: check the name/],
    ['a web page', 'page', /HTML page|text\/html/],
  ] as const)('explains a registry response of %s', (_answer, name, explanation) => {
    expect(
      run.annotations.filter(
        ({ message }) => message.includes(`${host}/acme/${name}"`) && explanation.test(message),
      ),
    ).toHaveLength(1);
  });

  test('explains that an image does not exist', () => {
    const explanation = `Cannot sign "${host}/acme/missing@${digest}": the registry has no such manifest\nTo fix: sign in the job that pushed the image`;
    expect(run.annotations.filter(({ message }) => message.startsWith(explanation))).toHaveLength(
      1,
    );
  });

  test('reports each problem once', () => {
    expect(run.annotations).toHaveLength(5);
  });

  test('prints nothing from a response body of the registry', () => {
    expect(run.stdout).not.toContain('SECRET-DETAIL');
    expect(run.stdout).not.toContain('doctype');
  });

  test('logs and stores nothing', async () => {
    expect(await manifestsWritten(world.registry)).toEqual([]);
    expect(await asked(world.sigstore, 'rekor-v2')).toEqual([]);
  });
});
