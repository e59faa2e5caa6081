// The trust domain of a tenant becomes part of the name of a TUF target.
import { afterAll, beforeEach, expect, test } from '@jest/globals';

import { trustDomainAt } from '../../src/github/meta.ts';
import { startGitHub } from '../../lab/services/start.ts';
import { transportWith } from '../registry/connect.ts';

const github = await startGitHub({ tokens: { ghs_token: 'read' } });
const ask = (token?: string): Promise<string> => trustDomainAt(github.url, token, transportWith(0));

beforeEach(() => Promise.all([github.set({ trustDomain: 'acme' }), github.mend(), github.clear()]));
afterAll(() => github.stop());

test.each(['ghs_token', undefined])('returns the trust domain with the token %s', async (token) => {
  expect(await ask(token)).toBe('acme');
  const [request] = await github.requests();
  expect(request?.headers['authorization']).toBe(token && `Bearer ${token}`);
});

test.each([
  ['none', { status: 200, body: '{"domains":{}}' }, '200 without a trust domain'],
  ['text that is not JSON', { status: 200, body: '<html>' }, '200 without a trust domain'],
  [
    'a path as domain',
    { status: 200, body: '{"domains":{"artifact_attestations":{"trust_domain":"../root"}}}' },
    '200 without a trust domain',
  ],
  ['an error status', { status: 404, body: '{}' }, '404'],
])('reports a service problem for %s', async (_, action, state) => {
  await github.fault({ path: '^/meta', action });
  await expect(ask()).rejects.toMatchObject({
    kind: 'service',
    code: 'SERVICE_TRUST',
    message: `Cannot find the trusted root of ${new URL(github.url).host}: GET /meta answered ${state}`,
  });
});
