// GitHub's attestation store: rights, pages, and bundles behind addresses that must not see our token.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import {
  type AttestationStore,
  attestationStore,
  type Listing,
} from '../../src/github/attestations.ts';
import type { Digest } from '../../src/model/digest.ts';
import { type Answer, serve } from '../loopback.ts';
import { problemOf, transportWith } from '../registry/connect.ts';
import type { GitHubSettings } from '../services/github.ts';
import { encodeSnappy } from '../services/github/snappy.ts';
import { startGitHub } from '../services/start.ts';
import { bundleAbout } from './bundle.ts';

const settings: GitHubSettings = {
  tokens: { ghs_writer: 'write', ghs_reader: 'read', ghs_stranger: 'none' },
  organizations: ['acme'],
  visibility: 'public',
  bundles: 'url',
  encoding: 'snappy',
  pageSize: 100,
};
const github = await startGitHub(settings);
let digest: Digest;
let count = 0;

beforeEach(async () => {
  await Promise.all([github.set(settings), github.mend(), github.clear()]);
  digest = `sha256:${(count += 1).toString(16).padStart(64, '0')}`;
});
afterAll(() => github.stop());

const storeAt = (apiUrl: string, token = 'ghs_writer'): AttestationStore =>
  attestationStore({ apiUrl, token, transport: transportWith(0) });
const record = (type?: string, repository = 'acme/app'): Promise<string> =>
  storeAt(github.url).create(repository, Buffer.from(JSON.stringify(bundleAbout(digest, type))));
const list = (
  of = 'acme/app',
  token = 'ghs_reader',
  signal = new AbortController().signal,
): Promise<Listing> => storeAt(github.url, token).list(of, digest, signal);
const bundlesIn = ({ attestations }: Listing): readonly unknown[] =>
  attestations.map(({ json }) => JSON.parse(json.toString()) as unknown);

describe('recording', () => {
  test('sends the bundle to the repository with the token, and gives the id', async () => {
    expect(await record()).toMatch(/^\d+$/);
    const [asked] = await github.requests();
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/repos/acme/app/attestations',
      headers: { authorization: 'token ghs_writer' },
    });
    expect(JSON.parse(asked?.body.toString() ?? '')).toEqual({ bundle: bundleAbout(digest) });
  });

  test.each<[string, string, number | undefined, object]>([
    [
      'without a valid token',
      'ghs_unknown',
      undefined,
      {
        kind: 'permission',
        code: 'PERMISSION_ATTESTATIONS',
        message: 'Cannot record the attestation in "acme/app": GitHub answered 401',
        remedy: expect.stringContaining('"github-token"'),
      },
    ],
    [
      'without the right',
      'ghs_reader',
      undefined,
      {
        kind: 'permission',
        code: 'PERMISSION_ATTESTATIONS',
        message: 'Cannot record the attestation in "acme/app": GitHub answered 403',
        remedy: expect.stringContaining('add "permissions: attestations: write" to the job'),
      },
    ],
    [
      'where GitHub keeps none',
      'ghs_writer',
      404,
      { code: 'SERVICE_REFUSED', remedy: expect.stringContaining('Enterprise Cloud') },
    ],
    [
      'that GitHub does not understand',
      'ghs_writer',
      422,
      {
        code: 'SERVICE_REFUSED',
        message: 'Cannot record the attestation in "acme/app": GitHub answered 422',
      },
    ],
    [
      'in a conflict',
      'ghs_writer',
      409,
      { code: 'SERVICE_REFUSED', remedy: expect.stringContaining('githubstatus.com') },
    ],
    [
      'while GitHub is down',
      'ghs_writer',
      500,
      { code: 'SERVICE_UNREACHABLE', message: expect.stringContaining('POST') },
    ],
  ])('%s fails, and no message has the token in it', async (_, token, status, expected) => {
    if (status !== undefined)
      await github.fault({
        method: 'POST',
        path: '/attestations',
        action: { status, body: '{"message":"about ghs_writer"}' },
      });
    const problem = await problemOf(
      storeAt(github.url, token).create(
        'acme/app',
        Buffer.from(JSON.stringify(bundleAbout(digest))),
      ),
    );
    expect(problem).toMatchObject(expected);
    expect(problem.message + problem.remedy).not.toContain('ghs_');
  });

  test('waits out a rate limit with the retries of the step', async () => {
    await github.fault({
      method: 'POST',
      path: '/attestations',
      times: 1,
      action: { status: 403, headers: { 'retry-after': '0' }, body: '{}' },
    });
    expect(
      await attestationStore({
        apiUrl: github.url,
        token: 'ghs_writer',
        transport: transportWith(5000),
      }).create('acme/app', Buffer.from(JSON.stringify(bundleAbout(digest)))),
    ).toMatch(/^\d+$/);
  });
});

describe('listing', () => {
  test.each(['inline', 'url'] as const)('gives the bundles: %s', async (bundles) => {
    await github.set({ bundles });
    await record();
    const listing = await list();
    expect(bundlesIn(listing)).toEqual([bundleAbout(digest)]);
    expect(listing).toMatchObject({ attestations: [{ position: 1 }], failures: [] });
  });

  test.each(['snappy', 'json'] as const)(
    'reads %s from the storage, which sees no token',
    async (encoding) => {
      await github.set({ encoding });
      await record();
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

  test('goes through all pages', async () => {
    await github.set({ pageSize: 2, bundles: 'inline' });
    for (const type of ['a', 'b', 'c', 'd', 'e']) await record(type);
    expect(bundlesIn(await list())).toEqual(
      ['e', 'd', 'c', 'b', 'a'].map((type) => bundleAbout(digest, type)),
    );
  });

  test('stops after five pages, keeps what it has, and says so', async () => {
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

  test('for an organisation, and for a user', async () => {
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

  test('for an organisation that may not be read, without asking about a user of that name', async () => {
    await github.fault({ path: '^/orgs/', action: { status: 403 } });
    expect(await list('acme')).toMatchObject({
      attestations: [],
      failures: [{ code: 'PERMISSION_ATTESTATIONS' }],
    });
    expect((await github.requests()).some(({ path }) => path.startsWith('/users/'))).toBe(false);
  });

  test('of nothing is nothing', async () =>
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
      'without the right',
      'ghs_stranger',
      { visibility: 'private' },
      {
        code: 'PERMISSION_ATTESTATIONS',
        remedy: expect.stringContaining('add "permissions: attestations: read" to the job'),
      },
    ],
  ])('%s is a failure, not nothing', async (_, token, changes, failure) => {
    await record();
    await github.set(changes);
    expect(await list('acme/app', token)).toMatchObject({ attestations: [], failures: [failure] });
  });

  test('that breaks off keeps the pages before', async () => {
    await github.set({ pageSize: 1, bundles: 'inline' });
    for (const type of ['a', 'b']) await record(type);
    await github.fault({ path: 'after=', action: { status: 500 } });
    expect(await list()).toMatchObject({
      attestations: [{}],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });

  test('ends when it is called off', async () => {
    await github.fault({ path: '/attestations/', action: { hang: true } });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    expect(await list('acme/app', 'ghs_reader', stop.signal)).toMatchObject({
      attestations: [],
      failures: [{}],
    });
  });
});

describe('one bundle that cannot be read', () => {
  const lies: readonly (readonly [string, Answer, object])[] = [
    [
      'is gone',
      { status: 404 },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('it answered 404') },
    ],
    [
      'is no Snappy',
      { body: Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('its body is not Snappy') },
    ],
    [
      'would be too large',
      { body: Buffer.from([0x81, 0x80, 0x80, 0x08, 0x00, 0x41]) },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('over the limit of 16777216') },
    ],
    ['is not stored in time', { status: 503 }, { code: 'SERVICE_UNREACHABLE' }],
  ];

  test.each(lies)(
    'because it %s is a failure, and the others are found',
    async (_, answer, failure) => {
      const server = await serve(({ path }): Answer => {
        if (path.startsWith('/bad')) return answer;
        if (path.startsWith('/good')) return { body: encodeSnappy(Buffer.from('{"good":1}')) };
        const attestations = [
          { bundle_url: `${server.url.href}good` },
          { bundle: null, bundle_url: `${server.url.href}bad?sig=secret` },
          { bundle: { good: 2 } },
        ];
        return {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ attestations }),
        };
      });
      const listing = await storeAt(server.url.href.slice(0, -1)).list(
        'acme/app',
        digest,
        new AbortController().signal,
      );
      expect([bundlesIn(listing), listing.attestations.map(({ position }) => position)]).toEqual([
        [{ good: 1 }, { good: 2 }],
        [1, 3],
      ]);
      expect(listing.failures).toMatchObject([failure]);
      expect(listing.failures[0]?.message).not.toContain('secret');
    },
  );

  test('because there is none is judged by the verifier', async () => {
    const body = JSON.stringify({
      attestations: [null, 'x', {}, { bundle_url: 'nowhere' }, { bundle: [] }],
    });
    const server = await serve(() => ({ headers: { 'content-type': 'application/json' }, body }));
    expect(
      bundlesIn(
        await storeAt(server.url.href.slice(0, -1)).list(
          'acme/app',
          digest,
          new AbortController().signal,
        ),
      ),
    ).toEqual([null, null, null, null, null]);
  });
});

test('reads 128 MiB and what is under way, keeps it, and says that there is more', async () => {
  const large = Buffer.from(`{${' '.repeat(15 << 20)}}`);
  const server = await serve(({ path }): Answer => {
    if (path.startsWith('/large')) return { body: large };
    return {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        attestations: Array.from({ length: 30 }, () => ({ bundle_url: `${server.url.href}large` })),
      }),
    };
  });
  const { attestations, failures } = await storeAt(server.url.href.slice(0, -1)).list(
    'acme/app',
    digest,
    new AbortController().signal,
  );
  expect(attestations).toHaveLength(10);
  expect(failures).toMatchObject([
    {
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('"acme/app" has more than 134217728 bytes'),
    },
  ]);
});

test.each([
  ['{}', ''],
  ['{"attestations":{}}', ''],
  ['[]', ''],
  ['no JSON', ''],
  ['', ''],
  ['{"attestations":[]}', '<http://[>; rel="next"'],
  ['{"attestations":[]}', '</attestations?before=1>; rel="next"'],
])('an answer of %j with the link %j is a failure, not nothing', async (body, link) => {
  const server = await serve(() => ({
    headers: { 'content-type': 'application/json', link },
    body,
  }));
  const listing = await storeAt(server.url.href.slice(0, -1)).list(
    'acme/app',
    digest,
    new AbortController().signal,
  );
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
