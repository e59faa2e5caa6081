// Listing GitHub's attestations: permissions, pages, owners and redirects.
import { describe, expect, test } from '@jest/globals';

import type { Recorded } from '../../src/github/attestations.ts';
import { type Answer, serve } from '../../lab/services/loopback.ts';
import type { GitHubSettings } from '../../lab/services/github/settings.ts';
import { until } from '../../lab/services/until.ts';
import { bundleAbout } from './bundle.ts';
import { bundlesIn, listAt, type Listing } from './listing.ts';
import { digest, github, storeAt } from './github-fixture.ts';

const record = (type?: string, repository = 'acme/app'): Promise<Recorded> =>
  storeAt(github.url).record(
    repository,
    digest,
    Buffer.from(JSON.stringify(bundleAbout(digest, type))),
  );

const list = (of = 'acme/app', token = 'ghs_reader', signal?: AbortSignal): Promise<Listing> =>
  listAt(storeAt(github.url, token), of, signal);

describe('the list of attestations', () => {
  test.each(['inline', 'url'] as const)('contains the bundles: %s', async (bundles) => {
    await github.set({ bundles });
    await record();
    const listing = await list();
    expect(bundlesIn(listing)).toEqual([bundleAbout(digest)]);
    expect(listing).toMatchObject({ attestations: [{ position: 1 }], failures: [] });
  });

  test.each(['snappy', 'json'] as const)(
    'has %s in storage, which gets no token',
    async (encoding) => {
      await github.set({ encoding });
      await record();
      await github.clear();
      expect(bundlesIn(await list())).toEqual([bundleAbout(digest)]);
      const asked = await github.requests();
      expect(asked.filter(({ server }) => server === 'blobs')).toMatchObject([{ status: 200 }]);
      expect(
        asked.filter(({ server, headers }) => server === 'blobs' && 'authorization' in headers),
      ).toEqual([]);
      expect(asked.find(({ path }) => path.includes(encodeURIComponent(digest)))?.path).toContain(
        'per_page=100',
      );
    },
  );

  test('has all pages', async () => {
    await github.set({ pageSize: 2, bundles: 'inline' });
    for (const type of ['a', 'b', 'c', 'd', 'e']) await record(type);
    expect(bundlesIn(await list())).toEqual(
      ['e', 'd', 'c', 'b', 'a'].map((type) => bundleAbout(digest, type)),
    );
  });

  test('has each entry once, even if a page is truncated and requested again', async () => {
    await github.set({ bundles: 'inline' });
    for (const type of ['a', 'b', 'c']) await record(type);
    await github.clear();
    await github.fault({ method: 'GET', path: '', times: 1, action: { truncate: true } });
    const listing = await listAt(storeAt(github.url, 'ghs_reader', 10_000));
    expect(await github.requests()).toHaveLength(2);
    expect(bundlesIn(listing)).toEqual(['c', 'b', 'a'].map((type) => bundleAbout(digest, type)));
    expect(listing).toMatchObject({
      attestations: [{ position: 1 }, { position: 2 }, { position: 3 }],
      failures: [],
    });
  });

  test('ends after five pages with what was read, and reports it', async () => {
    await github.set({ pageSize: 1, bundles: 'inline' });
    for (const type of ['a', 'b', 'c', 'd', 'e', 'f']) await record(type);
    expect(await list()).toMatchObject({
      attestations: [{}, {}, {}, {}, {}],
      failures: [
        {
          code: 'LIMIT_EXCEEDED',
          message: expect.stringContaining('"acme/app" has more than 500'),
        },
      ],
    });
  });

  test('is read for an organization and for a user', async () => {
    await record();
    expect((await list('acme')).attestations).toHaveLength(1);
    expect((await github.requests()).some(({ path }) => path.startsWith('/users/'))).toBe(false);
    await record(undefined, 'octocat/app');
    expect((await list('octocat')).attestations).toHaveLength(1);
    expect((await github.requests()).slice(-3).map(({ path }) => path.split('/')[1])).toEqual([
      'orgs',
      'users',
      'attestations',
    ]);
  });

  test('is not read for a user with the name of a forbidden organization', async () => {
    await github.fault({ path: '^/orgs/', action: { status: 403 } });
    expect(await list('acme')).toMatchObject({
      attestations: [],
      failures: [{ code: 'PERMISSION_ATTESTATIONS' }],
    });
    expect((await github.requests()).some(({ path }) => path.startsWith('/users/'))).toBe(false);
  });

  test('is empty without attestations', async () =>
    expect(await list()).toEqual({ attestations: [], failures: [] }));

  test.each<[string, string, Partial<GitHubSettings>, object]>([
    [
      'without a valid token',
      'ghs_unknown',
      {},
      {
        code: 'PERMISSION_ATTESTATIONS',
        message: 'Cannot list the attestations in "acme/app": GitHub answered 401',
      },
    ],
    [
      'without the permission',
      'ghs_stranger',
      { visibility: 'private' },
      {
        code: 'PERMISSION_ATTESTATIONS',
        remedy: expect.stringContaining('add "permissions: attestations: read" to the job'),
      },
    ],
  ])('is a failure, not empty, %s', async (_, token, changes, failure) => {
    await record();
    await github.set(changes);
    expect(await list('acme/app', token)).toMatchObject({ attestations: [], failures: [failure] });
  });

  test('keeps the pages before a truncated one', async () => {
    await github.set({ pageSize: 1, bundles: 'inline' });
    for (const type of ['a', 'b']) await record(type);
    await github.fault({ path: 'after=', action: { status: 500 } });
    expect(await list()).toMatchObject({
      attestations: [{}],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });

  test('ends when it is cancelled', async () => {
    await github.fault({ path: '/attestations/', action: { hang: true } });
    const stop = new AbortController();
    const isAsked = async (): Promise<boolean> => (await github.requests()).length > 0;
    void until(isAsked).then(() => stop.abort());
    expect(await list('acme/app', 'ghs_reader', stop.signal)).toMatchObject({
      attestations: [],
      failures: [{ kind: 'service', code: 'SERVICE_REFUSED' }],
    });
  });
});

describe('a redirect of the list', () => {
  const empty = { body: '{"attestations":[]}' };
  const list = (server: { readonly url: URL }): Promise<Listing> =>
    listAt(storeAt(server.url.origin));

  test('to the same origin is followed with the token', async () => {
    const server = await serve(({ path }): Answer => {
      if (path.startsWith('/repositories/')) return empty;
      return { status: 301, headers: { location: `/repositories/1/attestations/${digest}` } };
    });
    expect(await list(server)).toEqual({ attestations: [], failures: [] });
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer ghs_writer',
      'Bearer ghs_writer',
    ]);
  });

  test('to another origin is a failure, and no request is sent there', async () => {
    const other = await serve(() => empty);
    const server = await serve(() => ({ status: 307, headers: { location: other.url.href } }));
    expect(await list(server)).toMatchObject({
      failures: [
        {
          code: 'SERVICE_ANSWER',
          message: `Cannot list the attestations in "acme/app": GitHub answered 307, a redirect to ${other.url.origin}, which is not followed`,
        },
      ],
    });
    expect(other.asked).toEqual([]);
  });

  test('without an end is a failure', async () => {
    const server = await serve(({ path }) => ({ status: 302, headers: { location: path } }));
    expect((await list(server)).failures).toMatchObject([{ code: 'SERVICE_ANSWER' }]);
    expect(server.asked).toHaveLength(4);
  });
});

test.each([
  ['{}', ''],
  ['{"attestations":{}}', ''],
  ['[]', ''],
  ['no JSON', ''],
  ['', ''],
  ['{"attestations":[]}', '<http://[>; rel="next"'],
  ['{"attestations":[]}', '</attestations?before=1>; rel="next"'],
])('reports a failure for a body of %j with the link %j', async (body, link) => {
  const server = await serve(() => ({
    headers: { 'content-type': 'application/json', link },
    body,
  }));
  const listing = await listAt(storeAt(server.url.href.slice(0, -1)));
  expect(listing).toMatchObject({
    attestations: [],
    failures: [
      {
        code: 'SERVICE_ANSWER',
        message: expect.stringContaining('Cannot list the attestations in "acme/app"'),
      },
    ],
  });
});
