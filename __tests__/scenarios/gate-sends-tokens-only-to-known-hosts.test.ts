// The job's token is sent only to ghcr.io, only from github.com and only to the known token service; if it is rejected, public images are read without it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { type Answer, type Asked, serveTls } from '../../lab/services/loopback.ts';
import { signAndAttach } from './attach.ts';
import { startProxy } from '../../lab/services/proxy.ts';
import { entries, startWorld, TOKEN } from './world.ts';

const IDENTITY = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';
const world = await startWorld();
const image = await world.push('acme/app');
await signAndAttach(world, image);

let realm = 'https://ghcr.io/token';
let refuses: 'the token service' | 'the registry' = 'the token service';

/** ghcr.io with a public image and without access for the token of this job. */
const ghcr = await serveTls(answer, 'ghcr.io');
const ca = join(await mkdtemp(join(tmpdir(), 'ca-')), 'ca.pem');
await writeFile(ca, ghcr.authority);
const proxy = await startProxy((host) => (host === 'ghcr.io:443' ? ghcr.url.host : host));
const env = { ...proxy.env, NODE_EXTRA_CA_CERTS: ca };
const inputs = {
  mode: 'verify',
  images: `ghcr.io/acme/app@${image.digest}`,
  'certificate-identity': IDENTITY,
  'retry-timeout': '0s',
};

async function answer({ path, headers: { authorization } }: Asked): Promise<Answer> {
  if (path.startsWith('/token')) {
    if (authorization === undefined) return { body: '{"token":"anonymous"}' };
    return refuses === 'the registry' ? { body: '{"token":"of-the-job"}' } : { status: 403 };
  }
  if (authorization === undefined) {
    return {
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}",service="ghcr.io"` },
    };
  }
  if (authorization !== 'Bearer anonymous') return { status: 403 };
  const forwarded = await fetch(new URL(path, world.registry.url), { headers: { accept: '*/*' } });
  return {
    status: forwarded.status,
    headers: { 'content-type': forwarded.headers.get('content-type') ?? '' },
    body: Buffer.from(await forwarded.arrayBuffer()),
  };
}

function shown(): readonly string[] {
  const headers = ghcr.asked.map(({ headers: { authorization = 'nothing' } }) => authorization);
  return [...new Set(headers)].sort();
}

const basic = `Basic ${Buffer.from(`github-token:${TOKEN}`).toString('base64')}`;
const named = `Basic ${Buffer.from('octocat:secret').toString('base64')}`;

beforeEach(() => {
  realm = 'https://ghcr.io/token';
  refuses = 'the token service';
  (ghcr.asked as Asked[]).length = 0;
  proxy.asked();
});
afterAll(() => Promise.all([world.stop(), proxy.stop()]));

describe.each(entries)('gate run from %s', (entry) => {
  test.each(['the token service', 'the registry'] as const)(
    'accepts a public image if %s rejects the token of the job',
    async (who) => {
      refuses = who;
      const { exit, outputs } = await world.run(entry, inputs, { env });
      expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
      expect(shown()).toEqual(expect.arrayContaining([basic, 'Bearer anonymous', 'nothing']));
    },
  );

  test('sends no token of another GitHub server to ghcr.io', async () => {
    const { exit, outputs } = await world.run(entry, inputs, {
      env: { ...env, GITHUB_SERVER_URL: 'https://ghes.example' },
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(shown()).toEqual(['Bearer anonymous', 'nothing']);
  });

  test('does not replace credentials that the user configured', async () => {
    const login = { 'registry-username': 'octocat', 'registry-password': 'secret' };
    const { exit, annotations } = await world.run(entry, { ...inputs, ...login }, { env });
    expect(exit).toBe(1);
    expect(annotations[0]?.message).toMatch(
      /its token service ghcr\.io answered 403 \(credentials from registry-username/,
    );
    expect(shown()).toEqual([named, 'nothing']);
  });

  test('sends no request to an unknown token service', async () => {
    realm = 'https://token.evil.example/token';
    const { exit, annotations } = await world.run(entry, inputs, { env });
    expect(exit).toBe(1);
    expect(annotations[0]?.message).toMatch(
      /credentials are not sent to its token service "https:\/\/token\.evil\.example\/token": the token service of ghcr\.io is https:\/\/ghcr\.io\/token/,
    );
    expect(proxy.asked()).not.toContain('token.evil.example:443');
    expect(shown()).toEqual(['nothing']);
  });
});
