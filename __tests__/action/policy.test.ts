// What the gate's inputs require of an image and of a key.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import { matches } from '../../src/model/matcher.ts';
import type { Authority, KeyLocation, Requirement } from '../../src/model/policy.ts';
import { authorityOf, parse, problemsOf, requirementsIn, VERIFY } from './given.ts';

async function requirementsOf(
  changes: Partial<RawInputs>,
): Promise<readonly Requirement<KeyLocation>[]> {
  const request = await parse({ ...VERIFY, ...changes });
  return request.mode === 'verify' ? requirementsIn(request) : [];
}

async function remediesOf(inputs: Partial<RawInputs>): Promise<string> {
  return (await problemsOf({ ...VERIFY, ...inputs })).map(({ remedy }) => remedy).join('\n');
}

test('requires every type in "require", by name or URI', async () => {
  expect(
    (await requirementsOf({ require: 'signature, provenance\nhttps://spdx.dev/Document' })).map(
      ({ name, predicateTypes }) => ({ name, predicateTypes }),
    ),
  ).toEqual([
    {
      name: 'signature',
      predicateTypes: [
        'https://sigstore.dev/cosign/sign/v1',
        'application/vnd.dev.cosign.simplesigning.v1+json',
      ],
    },
    {
      name: 'provenance',
      predicateTypes: ['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2'],
    },
    { name: 'https://spdx.dev/Document', predicateTypes: ['https://spdx.dev/Document'] },
  ]);
});

test('makes one policy for every image: each type by the same signer, under the same roots', async () => {
  const request = await parse({
    ...VERIFY,
    require: 'signature\nprovenance',
    'trusted-root': 'a.json',
  });
  if (request.mode !== 'verify') throw new TypeError('not a gate');
  const [{ images }, ...others] = request.policies;
  expect(others).toEqual([]);
  expect(matches(images, 'ghcr.io/acme/app')).toBe(true);
  const [signature, provenance] = requirementsIn(request);
  expect(provenance?.anyOf).toEqual(signature.anyOf);
  expect(signature.anyOf).toMatchObject([
    { kind: 'keyless', roots: { kind: 'file', path: '/workspace/a.json' } },
  ]);
});

test('requires annotations of signatures and an age of every type', async () => {
  const [signature, provenance] = await requirementsOf({
    require: 'signature\nprovenance',
    annotations: 'run=42\nenv=prod',
    'max-age': '90d',
  });
  expect(provenance?.conditions).toMatchObject([{ kind: 'max-age', limit: '90d' }]);
  expect(signature?.conditions).toEqual([
    ...(provenance?.conditions ?? []),
    { kind: 'annotation', key: 'env', value: 'prod' },
    { kind: 'annotation', key: 'run', value: '42' },
  ]);
  const [age] = provenance?.conditions ?? [];
  const ninetyDays = 90 * 24 * 3600 * 1000;
  const notBefore = age?.kind === 'max-age' ? age.notBefore.getTime() : 0;
  expect(Math.abs(Date.now() - ninetyDays - notBefore)).toBeLessThan(60_000);
});

describe('the input "key"', () => {
  const PEM = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----';
  const keysOf = (key: string, changes: Partial<RawInputs> = {}): Promise<Authority<KeyLocation>> =>
    authorityOf({ key, ...changes }, { workspace: '/workspace' });

  test('accepts any number of PEM texts, paths and https URLs', async () => {
    expect(
      await keysOf(`${PEM}\ncosign.pub, keys/old.pub\n${PEM}\nhttps://acme.example/cosign.pub`),
    ).toEqual({
      kind: 'key',
      witness: 'required',
      roots: { kind: 'tuf' },
      keys: [
        { kind: 'pem', text: PEM },
        { kind: 'pem', text: PEM },
        { kind: 'file', path: '/workspace/cosign.pub' },
        { kind: 'file', path: '/workspace/keys/old.pub' },
        { kind: 'url', url: new URL('https://acme.example/cosign.pub') },
      ],
    });
  });

  test('reads text that starts as PEM as text, even if truncated, and prints none of it as a path', async () => {
    const cut = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49';
    expect(await keysOf(`${PEM}\n${cut}`)).toMatchObject({
      keys: [
        { kind: 'pem', text: PEM },
        { kind: 'pem', text: expect.stringContaining(cut) },
      ],
    });
  });

  test('requires no log entry or timestamp only with "insecure-ignore-tlog"', async () =>
    expect(await keysOf('cosign.pub', { 'insecure-ignore-tlog': 'true' })).toMatchObject({
      witness: 'insecure-ignored',
      roots: { kind: 'tuf' },
    }));

  test.each<[Partial<RawInputs>, RegExp, RegExp]>([
    [
      { key: 'cosign.pub', repository: 'acme/app', owner: 'acme' },
      /"key" with "repository" and "owner"/,
      /use "key" for .*, or "repository" and "owner" for/,
    ],
    [
      { key: 'cosign.pub', 'certificate-oidc-issuer': 'https://issuer.example' },
      /"key" with "certificate-oidc-issuer"/,
      /for keyless signatures/,
    ],
    ...['source-ref', 'source-digest', 'signer-digest', 'event', 'environment'].map(
      (name): [Partial<RawInputs>, RegExp, RegExp] => [
        { key: 'cosign.pub', [name]: 'x' },
        new RegExp(
          `"key" with "${name}": a key carries no identity and no information about the build`,
        ),
        new RegExp(`"${name}" for keyless signatures`),
      ],
    ),
    [
      { key: 'cosign.pub', 'deny-self-hosted-runners': 'true' },
      /"key" with "deny-self-hosted-runners"/,
      /for keyless signatures/,
    ],
    [
      { key: 'http://acme.example/cosign.pub' },
      /"http:\/\/acme.example\/cosign.pub" is not an https URL/,
      /https URL/,
    ],
    [
      { key: 'https://octocat:secret@acme.example/cosign.pub' },
      /^Cannot use "key": the URL at "acme.example" contains credentials$/,
      /remove the credentials/,
    ],
    [{ key: 'awskms://alias/x' }, /"awskms:\/\/alias\/x" is not an https URL/, /path/],
    [
      { key: 'cosign.pub', 'insecure-ignore-tlog': 'yes' },
      /"yes" is neither true nor false/,
      /"true" or "false"/,
    ],
    [{ 'max-age': '90' }, /"max-age": "90" is not a duration/, /90d/],
    [{ annotations: 'env' }, /"annotations": "env" has no "="/, /key=value/],
    [
      { annotations: 'env=prod', require: 'provenance' },
      /"annotations": "require" has no signature/,
      /add "signature" to "require"/,
    ],
    [{ 'insecure-ignore-tlog': 'true' }, /"insecure-ignore-tlog" without "key"/, /remove/],
  ])('rejects %j', async (inputs, message, remedy) => {
    await expect(requirementsOf(inputs)).rejects.toThrow(message);
    expect(await remediesOf(inputs)).toMatch(remedy);
  });
});
