// Which Sigstore instance signs, depending on the input, the visibility of the repository and the server; the TUF repositories are embedded.
import { expect, test } from '@jest/globals';

import type { SignRequest } from '../../src/model/request.ts';
import type { TokenClaims } from '../../src/model/token.ts';
import type { ReadTarget } from '../../src/sigstore/trust/tuf.ts';
import { instanceChooser } from '../../src/wiring/instance.ts';
import { ENVIRONMENT, parse, SIGN } from '../action/given.ts';

const KEY = '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----';
const service = (url: string, majorApiVersion = 1): object => ({
  url,
  majorApiVersion,
  validFor: { start: '2026-01-01T00:00:00Z' },
  operator: 'acme',
});
const config = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
  caUrls: [service('https://fulcio.example')],
  rekorTlogUrls: [service('https://rekor.example', 2), service('https://old.example', 1)],
  rekorTlogConfig: { selector: 'ANY' },
  tsaUrls: [service('https://tsa.example/stamp')],
  tsaConfig: { selector: 'ANY' },
});
const read: string[] = [];
const reading =
  (name: string): ReadTarget =>
  (target) => {
    read.push(`${name} ${target}`);
    return Promise.resolve(config);
  };
const tuf = { publicGood: reading('public'), github: reading('github') };

async function chosen(
  request: Partial<SignRequest>,
  visibility: { readonly claim?: string; readonly event?: string },
  serverUrl = 'https://github.com',
): Promise<object> {
  read.length = 0;
  const parsed = await parse(SIGN);
  const environment = {
    ...ENVIRONMENT,
    serverUrl,
    event: { ...ENVIRONMENT.event, visibility: visibility.event ?? '' },
  };
  const choose = await instanceChooser({ ...parsed, ...request } as SignRequest, environment, {
    tuf,
  });
  const claims = visibility.claim && { repository_visibility: visibility.claim };
  const { name, loadServices, trust } = choose((claims || undefined) as TokenClaims | undefined);
  const { fulcio, logs, rekorV1 } = await loadServices();
  await trust.all().catch(() => []);
  return { name, fulcio, logs: [...logs.map(({ url }) => url), rekorV1], read };
}

const LOGS = ['https://rekor.example', 'https://old.example'];
const PUBLIC = {
  name: 'public-good',
  fulcio: 'https://fulcio.example',
  logs: LOGS,
  read: ['public signing_config.v0.2.json', 'public trusted_root.json'],
};
const GITHUB = {
  name: 'github',
  fulcio: 'https://fulcio.githubapp.com',
  logs: [undefined],
  read: ['github trusted_root.json'],
};
const auto = { instance: { kind: 'auto' } } as const;
const github = { instance: { kind: 'github' } } as const;
const publicGood = { instance: { kind: 'public-good' } } as const;
const key = { key: { location: { kind: 'pem', text: KEY } } } as const;

test.each([
  ['auto, public', auto, { claim: 'public' }, PUBLIC],
  ['auto, private', auto, { claim: 'private' }, GITHUB],
  ['auto, internal', auto, { claim: 'internal' }, GITHUB],
  ['auto, unknown visibility', auto, { claim: 'secret' }, GITHUB],
  [
    'auto, private in the token but public in the event',
    auto,
    { claim: 'private', event: 'public' },
    GITHUB,
  ],
  ['public-good, private', publicGood, { claim: 'private' }, PUBLIC],
  ['github, private', github, { claim: 'private' }, GITHUB],
] as const)('selects the instance for %s', async (_, request, visibility, expected) => {
  expect(await chosen(request, visibility)).toEqual(expected);
});

test.each([
  ['public', { event: 'public' }, LOGS],
  ['private', { event: 'private' }, [undefined]],
  ['unknown', {}, [undefined]],
  ['private in the token', { claim: 'private', event: 'public' }, [undefined]],
] as const)(
  'logs a key signature publicly only if the repository is public: %s',
  async (_, visibility, logs) => {
    expect(await chosen({ ...auto, ...key }, visibility)).toEqual({ ...PUBLIC, logs });
    expect(await chosen({ ...publicGood, ...key }, visibility)).toEqual(PUBLIC);
  },
);

test('never selects a public instance for a tenant of ghe.com', async () => {
  const tenant = { ...GITHUB, fulcio: 'https://fulcio.acme.ghe.com' };
  expect(await chosen(auto, { claim: 'private' }, 'https://acme.ghe.com')).toEqual(tenant);
});

test("never selects GitHub's instance for a public repository", async () => {
  await expect(chosen(github, { claim: 'public' })).rejects.toMatchObject({
    code: 'INPUT_CONFLICT',
    remedy: expect.stringMatching(/^remove "sigstore"/),
  });
});
