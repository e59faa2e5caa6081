// Recording in GitHub's store: what counts as recorded, and that a lost response causes no second record.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { attestationStore, type Recorded } from '../../src/github/attestations.ts';
import type { Digest } from '../../src/model/digest.ts';
import { type Answer, serve } from '../../lab/services/loopback.ts';
import { problemOf, transportWith } from '../registry/connect.ts';
import { encodeSnappy } from '../../lab/services/github/snappy.ts';
import { startGitHub } from '../../lab/services/start.ts';
import { bundleAbout } from './bundle.ts';

const settings = {
  tokens: { ghs_writer: 'write', ghs_reader: 'read' },
  bundles: 'url',
  listLag: 0,
} as const;
const github = await startGitHub(settings);
let digest: Digest;
let count = 0;

beforeEach(async () => {
  await Promise.all([github.set(settings), github.mend(), github.clear()]);
  digest = `sha256:${(count += 1).toString(16).padStart(64, '0')}`;
});
afterAll(() => github.stop());

interface Circumstances {
  readonly apiUrl?: string;
  readonly token?: string;
  readonly retryTimeout?: number;
}

const record = ({
  apiUrl = github.url,
  token = 'ghs_writer',
  retryTimeout = 0,
}: Circumstances = {}): Promise<Recorded> =>
  attestationStore({
    apiUrl,
    token,
    transport: transportWith(retryTimeout),
    retryTimeout,
  }).record('acme/app', digest, Buffer.from(JSON.stringify(bundleAbout(digest))));

/** `METHOD first part of the path`, oldest first. */
const asked = async (): Promise<readonly string[]> =>
  (await github.requests()).map(({ method, path }) => `${method} ${path.split('/')[1] ?? ''}`);
const posts = async (): Promise<number> =>
  (await asked()).filter((request) => request === 'POST repos').length;

test('sends the bundle with the token, gives the id, and finds the record again', async () => {
  expect(await record()).toEqual({ id: expect.stringMatching(/^\d+$/), copies: 1 });
  expect(await asked()).toEqual(['POST repos', 'GET repos', 'GET attestations']);
  const [post] = await github.requests();
  expect(post).toMatchObject({
    path: '/repos/acme/app/attestations',
    headers: {
      authorization: 'Bearer ghs_writer',
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
  });
  expect(JSON.parse(post?.body.toString() ?? '')).toEqual({ bundle: bundleAbout(digest) });
});

describe.each<[string, Circumstances, number | undefined, object]>([
  [
    'without a valid token',
    { token: 'ghs_unknown' },
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
    { token: 'ghs_reader' },
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
    {},
    404,
    { code: 'SERVICE_REFUSED', remedy: expect.stringContaining('Enterprise Cloud') },
  ],
  [
    'that GitHub does not understand',
    {},
    422,
    {
      code: 'SERVICE_REFUSED',
      message: 'Cannot record the attestation in "acme/app": GitHub answered 422',
    },
  ],
  [
    'in a conflict',
    {},
    409,
    { code: 'SERVICE_REFUSED', remedy: expect.stringContaining('githubstatus.com') },
  ],
  [
    'while GitHub is down',
    {},
    500,
    { code: 'SERVICE_UNREACHABLE', message: expect.stringContaining('POST') },
  ],
])('%s', (_, circumstances, status, expected) => {
  test('fails, and no message has the token in it', async () => {
    if (status !== undefined)
      await github.fault({
        method: 'POST',
        path: '/attestations',
        action: { status, body: '{"message":"about ghs_writer"}' },
      });
    const problem = await problemOf(record(circumstances));
    expect(problem).toMatchObject(expected);
    expect(problem.message + problem.remedy).not.toContain('ghs_');
  });
});

describe('a response that is not a record', () => {
  const answers: readonly (readonly [string, Answer & object, string])[] = [
    ['200 and a page', { body: '<!doctype html>SECRET' }, '200, not 201 with the id of a record'],
    ['200 and an id', { body: '{"id":1}' }, '200, not 201 with the id of a record'],
    ['204', { status: 204 }, '204, not 201 with the id of a record'],
    ['201 and a page', { status: 201, body: '<html>' }, '201 without the id of a record'],
    ...[
      {},
      [],
      null,
      'SECRET',
      { id: null },
      { id: '' },
      { id: '12a' },
      { id: -1 },
      { id: 1.5 },
      { id: { toString: 1 } },
      { id: [1] },
    ].map(
      (json) =>
        [
          `201 and ${JSON.stringify(json)}`,
          { status: 201, body: JSON.stringify(json) },
          '201 without the id of a record',
        ] as const,
    ),
    ['201 and a huge id', { status: 201, body: '{"id":1e400}' }, '201 without the id of a record'],
    [
      '201 and endless nesting',
      { status: 201, body: '['.repeat(100_000) },
      '201 without the id of a record',
    ],
    [
      'a redirect to another place',
      { status: 307, headers: { location: 'https://elsewhere.example/a?sig=SECRET' } },
      '307, a redirect to https://elsewhere.example, which is not followed',
    ],
    [
      'a redirect at home',
      { status: 307, headers: { location: '/repositories/1/attestations' } },
      'which is not followed',
    ],
    ['a redirect to nowhere', { status: 308 }, 'GitHub answered 308'],
  ];

  test.each(answers)('is a failure that says so: %s', async (_, answer, state) => {
    const server = await serve(() => answer);
    const problem = await problemOf(record({ apiUrl: server.url.origin }));
    expect(problem).toMatchObject({
      code: 'SERVICE_ANSWER',
      message: expect.stringMatching(/^Cannot record the attestation in "acme\/app": GitHub /),
    });
    expect(problem.message).toContain(state);
    expect(problem.message + problem.remedy).not.toContain('SECRET');
    expect(server.asked).toHaveLength(1);
  });

  test.each(['123', 9007199254740991])('unlike 201 and the id %j', async (id) => {
    const server = await serve(({ method }) =>
      method === 'POST'
        ? { status: 201, body: JSON.stringify({ id }) }
        : { body: JSON.stringify({ attestations: [{ bundle: bundleAbout(digest) }] }) },
    );
    expect(await record({ apiUrl: server.url.origin })).toEqual({ id: String(id), copies: 1 });
  });
});

describe('what was answered with an id and is not listed', () => {
  const listing = (attestations: readonly unknown[]): Promise<string> =>
    serve(({ method }) =>
      method === 'POST'
        ? { status: 201, body: '{"id":7}' }
        : { body: JSON.stringify({ attestations }) },
    ).then(({ url }) => url.origin);

  test.each<[string, (about: Digest) => readonly unknown[]]>([
    ['an empty list', () => []],
    [
      'another payload with this signature',
      (about) => [{ bundle: bundleAbout(about, 'https://spdx.dev/Document') }],
    ],
    [
      'this payload with another signature',
      (about) => [{ bundle: bundleAbout(about, undefined, 'eQ==') }],
    ],
    [
      'junk',
      () => [null, 1, {}, { bundle: null }, { bundle: { dsseEnvelope: { signatures: [null] } } }],
    ],
    [
      'members of odd types',
      () => [
        { bundle: { dsseEnvelope: { payload: { toString: 1 }, signatures: [{ sig: {} }] } } },
        { bundle: { toJSON: 1, dsseEnvelope: [] }, bundle_url: { toString: 1 } },
      ],
    ],
  ])('is a failure that names the id: %s', async (_, attestations) => {
    const apiUrl = await listing(attestations(digest));
    expect(await problemOf(record({ apiUrl }))).toMatchObject({
      kind: 'service',
      code: 'STORE_UNLISTED',
      message:
        'Cannot confirm attestation 7 in "acme/app": the list of attestations does not contain it',
      remedy: expect.stringContaining('before you run the job again'),
    });
  });

  test('is found in another base64 encoding, next to invalid and deeply nested data', async () => {
    const server = await serve(({ method, path }) => {
      if (method === 'POST') return { status: 201, body: '{"id":7}' };
      if (path.startsWith('/junk')) return { body: encodeSnappy(Buffer.from('[['.repeat(50_000))) };
      const nested = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
      const ours = JSON.stringify(bundleAbout(digest)).replaceAll('==', '');
      const junk = `${server.url.href}junk`;
      return {
        body: `{"attestations":[{"bundle":${nested}},{"bundle_url":"${junk}"},{"bundle":${ours}}]}`,
      };
    });
    expect(await record({ apiUrl: server.url.origin })).toEqual({ id: '7', copies: 1 });
  });

  test('is said together with what kept us from looking', async () => {
    await github.fault({ method: 'GET', path: '^/repos/', action: { status: 403 } });
    expect(await problemOf(record())).toMatchObject({
      kind: 'permission',
      code: 'STORE_UNLISTED',
      message: expect.stringMatching(
        /^Cannot confirm attestation \d+ in "acme\/app": Cannot list the attestations in "acme\/app": GitHub answered 403$/,
      ),
    });
  });

  test('is waited for', async () => {
    await github.set({ listLag: 1500 });
    expect(await record({ retryTimeout: 10_000 })).toMatchObject({ copies: 1 });
    expect(await posts()).toBe(1);
  });
});

describe('a lost answer', () => {
  const losses = [
    ['a connection that is closed', { reset: true }],
    ['a gateway that gives up', { status: 504 }],
    ['a body that breaks off', { truncate: true }],
  ] as const;

  test.each(losses)('makes no second record: %s', async (_, loss) => {
    await github.fault({
      method: 'POST',
      path: '',
      times: 1,
      action: { ...loss, processed: true },
    });
    expect(await record({ retryTimeout: 10_000 })).toEqual({ copies: 1 });
    expect(await posts()).toBe(1);
  });

  test.each(losses)('is resolved where nothing may be retried: %s', async (_, loss) => {
    await github.fault({ method: 'POST', path: '', action: { ...loss, processed: true } });
    expect(await record({ retryTimeout: 0 })).toEqual({ copies: 1 });
    expect(await posts()).toBe(1);
  });

  test('makes none either when the list is late', async () => {
    await github.set({ listLag: 2500 });
    await github.fault({
      method: 'POST',
      path: '',
      times: 1,
      action: { reset: true, processed: true },
    });
    expect(await record({ retryTimeout: 20_000 })).toEqual({ copies: 1 });
    expect(await posts()).toBe(1);
  });

  test('of what was not carried out is repeated', async () => {
    await github.fault({
      method: 'POST',
      path: '/attestations',
      times: 1,
      action: { status: 403, headers: { 'retry-after': '0' }, body: '{}' },
    });
    expect(await record({ retryTimeout: 10_000 })).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      copies: 1,
    });
    expect(await posts()).toBe(2);
  });

  test('is not repeated if it is unknown whether it was executed', async () => {
    await github.fault({
      method: 'POST',
      path: '',
      times: 1,
      action: { reset: true, processed: true },
    });
    await github.fault({ method: 'GET', path: '^/repos/', action: { status: 403 } });
    expect(await problemOf(record({ retryTimeout: 10_000 }))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringMatching(
        /^Cannot tell whether the attestation is recorded in "acme\/app": .* answered 403$/,
      ),
      remedy: expect.stringContaining('before you run the job again'),
    });
    expect(await posts()).toBe(1);
  });
});

test('two records of the same bundle are told', async () => {
  const recorded = { bundle: bundleAbout(digest) };
  const server = await serve(({ method }) =>
    method === 'POST'
      ? { status: 201, body: '{"id":7}' }
      : { body: JSON.stringify({ attestations: [recorded, recorded] }) },
  );
  expect(await record({ apiUrl: server.url.origin })).toEqual({ id: '7', copies: 2 });
});
