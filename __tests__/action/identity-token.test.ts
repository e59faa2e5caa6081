// The identity token: requested once, masked immediately, and never quoted in errors.
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { getIdentityToken, tokenServiceIn } from '../../src/action/identity-token.ts';
import type { Transport } from '../../src/http/message.ts';
import { type Answer, serve } from '../../lab/services/loopback.ts';
import { problemOf, transportWith } from '../registry/connect.ts';
import { startOidc } from '../../lab/services/start.ts';

const oidc = await startOidc();
const service = tokenServiceIn(oidc.env);
let printed = '';

beforeEach(async () => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  await Promise.all([oidc.mend(), oidc.clear()]);
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => oidc.stop());

const get = (transport: Transport): Promise<string> => getIdentityToken(service, transport);
/** Three seconds for each attempt, instead of the thirty in a job. */
const hurried =
  (transport: Transport): Transport =>
  (request) =>
    transport({ ...request, timeout: 3000 });

test('requests a token for Sigstore and masks it', async () => {
  const token = await get(transportWith(0));
  expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
    aud: 'sigstore',
  });
  expect(printed).toBe(`::add-mask::${token}\n`);
  expect(await oidc.requests()).toMatchObject([
    {
      method: 'GET',
      path: expect.stringMatching(/^\/token\?.*audience=sigstore$/),
      headers: { authorization: `Bearer ${oidc.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
    },
  ]);
});

test.each([
  [{}],
  [{ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example' }],
  [{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }],
  [{ ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }],
])('fails in a job with %j', async (env) => {
  expect(tokenServiceIn(env)).toBeUndefined();
  expect(await problemOf(getIdentityToken(undefined, transportWith(0)))).toMatchObject({
    code: 'PERMISSION_ID_TOKEN',
  });
});

test('fails if the runner provides no address', async () => {
  const problem = await problemOf(
    getIdentityToken({ address: 'SECRET', bearer: 'SECRET' }, transportWith(0)),
  );
  expect(problem).toMatchObject({
    kind: 'service',
    code: 'SERVICE_REFUSED',
    message: 'Cannot get an identity token: ACTIONS_ID_TOKEN_REQUEST_URL is not an address',
  });
});

describe('a transient fault of the token service', () => {
  const passing = [
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['408', { status: 408 }],
    ['a closed connection', { reset: true }],
    ['a truncated body', { truncate: true }],
    ['no response', { hang: true }],
  ] as const;

  test.each(passing)('is retried within the retries of the step: %s', async (_, action) => {
    await oidc.fault({ path: '^/token', times: 1, action });
    expect(await get(hurried(transportWith(10_000)))).toMatch(/^eyJ/);
    expect(await oidc.requests()).toHaveLength(2);
  });

  test.each(passing)('is reported without retries: %s', async (_, action) => {
    await oidc.fault({ path: '^/token', action });
    const problem = await problemOf(get(hurried(transportWith(0))));
    expect(problem).toMatchObject({
      kind: 'service',
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringMatching(
        /: GET 127\.0\.0\.1:\d+\/token (answered|failed:) .* \(attempt 1( after \d+ s)?\)$/,
      ),
    });
    expect(await oidc.requests()).toHaveLength(1);
  });
});

describe('a response without a token', () => {
  const answers: readonly (readonly [string, Answer & object, string])[] = [
    ['401', { status: 401, body: 'SECRET' }, '401'],
    ['403', { status: 403, body: '{"message":"SECRET"}' }, '403'],
    ['404', { status: 404 }, '404'],
    ['204', { status: 204 }, '204'],
    ['a token with status 201', { status: 201, body: '{"value":"a.b.c"}' }, '201'],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://elsewhere.example/?token=SECRET' } },
      '302, a redirect to https://elsewhere.example, which is not followed',
    ],
    ['a web page', { body: '<!doctype html>SECRET' }, '200 without a token'],
    ['nothing', { body: '' }, '200 without a token'],
    ['endless nesting', { body: '['.repeat(60_000) }, '200 without a token'],
    ...[
      {},
      [],
      null,
      { value: null },
      { value: '' },
      { value: 1 },
      { value: ['a.b.c'] },
      { value: { toString: 1 } },
      { value: 'SECRET' },
      { value: 'SECRET SECRET.b.c' },
      { value: 'a.b.c\nSECRET' },
    ].map(
      (json) =>
        [JSON.stringify(json), { body: JSON.stringify(json) }, '200 without a token'] as const,
    ),
  ];

  test.each(answers)('is reported without its content: %s', async (_, answer, state) => {
    const server = await serve(() => answer);
    const problem = await problemOf(
      getIdentityToken({ address: `${server.url.href}token?a=b`, bearer: 'x' }, transportWith(0)),
    );
    expect(problem).toMatchObject({
      kind: 'service',
      code: 'SERVICE_REFUSED',
      message: `Cannot get an identity token: the runner's token service answered ${state}`,
      remedy: expect.stringContaining('"permissions: id-token: write"'),
    });
    expect(problem.message + problem.remedy).not.toContain('SECRET');
    expect(server.asked.map(({ path }) => path)).toEqual(['/token?a=b&audience=sigstore']);
  });

  test('stops reading a response without end', async () => {
    const server = await serve(() => 'endless');
    const address = server.url.href;
    expect(
      await problemOf(getIdentityToken({ address, bearer: 'x' }, hurried(transportWith(0)))),
    ).toMatchObject({ kind: 'service' });
  });
});
