// Recording in GitHub's store: what is sent, and what counts as recorded.
import { describe, expect, test } from '@jest/globals';

import { type Answer, serve } from '../../lab/services/loopback.ts';
import { problemOf } from '../registry/connect.ts';
import { bundleAbout } from './bundle.ts';
import { asked, type Circumstances, record } from './recording.ts';
import { digest, github } from './github-fixture.ts';

test('sends the bundle with the token, returns the id and finds the record again', async () => {
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
    'without the permission',
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
    'without an attestation store',
    {},
    404,
    { code: 'SERVICE_REFUSED', remedy: expect.stringContaining('Enterprise Cloud') },
  ],
  [
    'with an invalid request',
    {},
    422,
    {
      code: 'SERVICE_REFUSED',
      message: 'Cannot record the attestation in "acme/app": GitHub answered 422',
    },
  ],
  [
    'with a conflict',
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
])('a rejected record: %s', (_, circumstances, status, expected) => {
  test('is reported without the token', async () => {
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
    [
      '200 and a web page',
      { body: '<!doctype html>SECRET' },
      '200, not 201 with the id of a record',
    ],
    ['200 and an id', { body: '{"id":1}' }, '200, not 201 with the id of a record'],
    ['204', { status: 204 }, '204, not 201 with the id of a record'],
    ['201 and a web page', { status: 201, body: '<html>' }, '201 without the id of a record'],
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
      'a redirect to another origin',
      { status: 307, headers: { location: 'https://elsewhere.example/a?sig=SECRET' } },
      '307, a redirect to https://elsewhere.example, which is not followed',
    ],
    [
      'a redirect to the same origin',
      { status: 307, headers: { location: '/repositories/1/attestations' } },
      'which is not followed',
    ],
    ['a redirect without a target', { status: 308 }, 'GitHub answered 308'],
  ];

  test.each(answers)('is reported as a failure: %s', async (_, answer, state) => {
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

  test.each(['123', 9007199254740991])('is not 201 with the id %j', async (id) => {
    const server = await serve(({ method }) =>
      method === 'POST'
        ? { status: 201, body: JSON.stringify({ id }) }
        : { body: JSON.stringify({ attestations: [{ bundle: bundleAbout(digest) }] }) },
    );
    expect(await record({ apiUrl: server.url.origin })).toEqual({ id: String(id), copies: 1 });
  });
});
