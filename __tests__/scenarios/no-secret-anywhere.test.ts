// Tokens and passwords are masked before anything is printed, and appear in no log, summary, output or file, even after errors.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import type { ActionResult } from '../../lab/runner/run-action.ts';
import { authorized } from './seen.ts';
import { entries, type Inputs, LOGIN, startWorld, TOKEN } from './world.ts';

const world = await startWorld({
  registry: { auth: 'bearer' },
  github: { tokens: { [TOKEN]: 'write' } },
});
const image = await world.push('acme/app');
const login = { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };
const echo = { status: 500, body: `${TOKEN} ${LOGIN.password}` };

afterAll(() => world.stop());

/** Everything that a run leaves, without the commands that register masks. */
async function leftBehind({ stdout, summary, outputs, temp }: ActionResult): Promise<string> {
  const files = (await readdir(temp, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'utf8')),
  );
  return [
    stdout.replaceAll(/^::add-mask::.*$/gm, ''),
    summary,
    JSON.stringify(outputs),
    ...texts,
  ].join('\n');
}

/** The identity token, and what the registry got: the login and its own tokens. */
async function secretsSent(): Promise<string[]> {
  const certificates = (await world.sigstore.requests()).filter(
    ({ server }) => server === 'fulcio',
  );
  const tokens = certificates.map(
    ({ body }) =>
      (JSON.parse(body.toString()) as { credentials: { oidcIdentityToken: string } }).credentials
        .oidcIdentityToken,
  );
  const bearers = (await world.registry.requests())
    .map(({ headers }) => headers['authorization']?.replace(/^\w+ /, '') ?? '')
    .filter((secret) => secret !== '');
  return [...tokens, ...bearers];
}

const ownSecrets = [
  TOKEN,
  LOGIN.password,
  world.oidc.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
  Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64'),
];

const situations: readonly (readonly [string, Inputs, () => Promise<void>])[] = [
  ['when signing succeeds', { mode: 'sign', stores: 'registry, github' }, () => Promise.resolve()],
  [
    'when the registry repeats them in an error',
    { mode: 'sign' },
    () =>
      world.registry.fault({ method: 'POST', path: 'uploads', action: { ...echo, status: 400 } }),
  ],
  [
    'when GitHub repeats them in an error',
    { mode: 'sign', stores: 'github' },
    () => world.github.fault({ path: '', action: { ...echo, status: 422 } }),
  ],
  [
    'when the log repeats them in an error',
    { mode: 'sign' },
    () => world.sigstore.fault({ server: 'rekor-v2', path: '', action: { ...echo, status: 400 } }),
  ],
  ['when the gate accepts', { mode: 'verify', images: image.reference }, () => Promise.resolve()],
  [
    'when the gate cannot read',
    { mode: 'verify', images: image.reference },
    () =>
      world.registry.fault({
        method: 'GET',
        path: '/(manifests|referrers)/',
        action: { ...echo, status: 400 },
      }),
  ],
];

const PROXY_PASSWORD = 'hunter2secret';
const proxies = [
  `http://user:pa/${PROXY_PASSWORD}@127.0.0.1:3128`,
  `http://user:${PROXY_PASSWORD}#x@127.0.0.1:3128`,
  `user:${PROXY_PASSWORD}@127.0.0.1:3128`,
  `//user:${PROXY_PASSWORD}@127.0.0.1:3128`,
  `http://user:${PROXY_PASSWORD}@127.0.0.1:port`,
  `http://user:${PROXY_PASSWORD}@proxy corp:3128`,
  `socks5://user:${PROXY_PASSWORD}@127.0.0.1:3128`,
];

describe.each(entries)('step run from %s', (entry) => {
  test.each(proxies)(
    'does not print the proxy password if the proxy is unusable: %s',
    async (proxy) => {
      const result = await world.run(
        entry,
        { mode: 'verify', images: image.reference },
        { env: { HTTPS_PROXY: proxy } },
      );
      expect(await leftBehind(result)).not.toContain(PROXY_PASSWORD);
      expect(result.annotations.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^Cannot use the proxy in HTTPS_PROXY: .*\nTo fix: write http:\/\/host/,
        ),
      ]);
    },
  );

  test('does not print the proxy password if the proxy rejects the request', async () => {
    const result = await world.run(
      entry,
      { mode: 'verify', images: 'registry.example/acme/app:v1', 'retry-timeout': '0s' },
      { env: { HTTPS_PROXY: `http://user:${PROXY_PASSWORD}@127.0.0.1:9` } },
    );
    expect(await leftBehind(result)).not.toContain(PROXY_PASSWORD);
    expect(result.masks).toContain(PROXY_PASSWORD);
    expect(result.outputs['verdict']).toBe('inconclusive');
  });

  test.each(situations)('prints no secret %s', async (_when, inputs, arrange) => {
    await world.forget();
    await arrange();
    const result = await world.run(entry, {
      images: image.reference,
      ...inputs,
      ...login,
      'retry-timeout': '0s',
    });
    const text = await leftBehind(result);
    const sent = await secretsSent();
    for (const secret of [...ownSecrets, ...sent]) expect(text).not.toContain(secret);
    expect(result.masks).toEqual(expect.arrayContaining(sent));
    // The mask is printed before anything that could contain the secret.
    const lines = result.stdout.split('\n');
    const firstOther = lines.findIndex((line) => line !== '' && !line.startsWith('::add-mask::'));
    for (const secret of [TOKEN, LOGIN.password])
      expect(lines.slice(0, firstOther)).toContain(`::add-mask::${secret}`);
    // Each credential is sent to its own service.
    expect(['github Bearer', 'oidc Bearer', 'registry Basic', 'registry Bearer']).toEqual(
      expect.arrayContaining(await authorized(world)),
    );
  });
});
