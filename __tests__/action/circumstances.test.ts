// How an image must have been built: the meaning of each input, the defaults, and invalid values.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import { formatMatcher } from '../../src/model/matcher.ts';
import { authorityOf, problemsOf, VERIFY } from './given.ts';

const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const DIGEST = 'ab'.repeat(32);
const NO_PROPOSALS = 'event anything but pull_request and pull_request_target';

async function circumstancesOf(changes: Partial<RawInputs>): Promise<readonly string[]> {
  const authority = await authorityOf(changes);
  if (authority.kind !== 'keyless') return [];
  return authority.circumstances.map(({ name, matcher }) => `${name} ${formatMatcher(matcher)}`);
}

test.each<Partial<RawInputs>>([
  {},
  { repository: 'acme/app' },
  { owner: 'acme' },
  { 'signer-workflow': 'acme/app/.github/workflows/a.yml@refs/heads/main' },
])('rejects runs for pull requests with %j', async (inputs) =>
  expect(await circumstancesOf(inputs)).toEqual([NO_PROPOSALS]),
);

test('requires only what the inputs name for a literal identity', async () => {
  expect(await circumstancesOf({ 'certificate-identity': 'a@b.example' })).toEqual([]);
  expect(await circumstancesOf({ 'certificate-identity': 'a@b.example', event: 'push' })).toEqual([
    'event push',
  ]);
});

test.each<[Partial<RawInputs>, string]>([
  [{ 'source-ref': 'refs/heads/main' }, 'source-ref refs/heads/main'],
  [
    { 'source-ref': 'refs/heads/release,stable\nrefs/tags/v*' },
    'source-ref refs/heads/release,stable or refs/tags/v*',
  ],
  [{ 'source-digest': `${SHA}, ${DIGEST}` }, `source-digest ${SHA} or ${DIGEST}`],
  [{ 'signer-digest': `${SHA}\n${DIGEST}` }, `signer-digest ${SHA} or ${DIGEST}`],
  [{ environment: 'production\nEU, west' }, 'environment production or EU, west'],
  [{ 'deny-self-hosted-runners': 'true' }, 'deny-self-hosted-runners github-hosted'],
])('reads %j', async (inputs, circumstance) =>
  expect([...(await circumstancesOf(inputs))].sort()).toEqual([NO_PROPOSALS, circumstance].sort()),
);

test('replaces the default with the events of the inputs', async () =>
  expect(await circumstancesOf({ event: 'push, pull_request' })).toEqual([
    'event push or pull_request',
  ]));

test('combines all inputs', async () =>
  expect(
    await circumstancesOf({
      'source-ref': 'refs/heads/main',
      'source-digest': SHA,
      'signer-digest': SHA,
      event: 'push',
      environment: 'production',
      'deny-self-hosted-runners': 'true',
    }),
  ).toHaveLength(6));

describe('invalid circumstances', () => {
  test.each<[Partial<RawInputs>, string, string]>([
    [{ 'source-ref': 'main' }, '"main" does not begin with "refs/"', '"refs/heads/main"'],
    [{ 'source-ref': 'refs/*/main' }, '"refs/*/main" is a pattern', '"refs/tags/v*"'],
    [{ 'source-digest': SHA.toUpperCase() }, 'upper-case digits', `write "${SHA}"`],
    [{ 'signer-digest': SHA.slice(0, 12) }, 'is not a full commit', 'all 40 or 64'],
    [{ event: 'Push' }, '"Push" is not an event name', 'push, workflow_dispatch'],
    [{ event: 'pull-request' }, '"pull-request" is not an event name', 'pull_request'],
    [{ event: '*' }, '"*" is not an event name', 'push'],
    [{ event: ',' }, '"event": it has no value', 'write a value'],
    [
      { 'deny-self-hosted-runners': 'yes' },
      '"deny-self-hosted-runners": "yes" is neither true nor false',
      '"true" or "false"',
    ],
  ])('rejects %j', async (inputs, message, remedy) =>
    expect(await problemsOf({ ...VERIFY, ...inputs })).toEqual([
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      }),
    ]),
  );
});
