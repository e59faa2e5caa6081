// A private key signs instead of a certificate: no token, the same log and timestamp, and the public key verifies it.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { asked, counted } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const PASSWORD = 'a password of the key';
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const encrypted = pair.privateKey
  .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSWORD })
  .toString();
const workspace = await mkdtemp(path.join(tmpdir(), 'workspace-'));
await writeFile(path.join(workspace, 'cosign.key'), encrypted);

const world = await startWorld();
const noAuthority = path.join(workspace, 'signing-config-without-fulcio.json');
const config = await readFile(world.trust.signingConfigs.rekor2, 'utf8');
await writeFile(
  noAuthority,
  JSON.stringify({ ...(JSON.parse(config) as Readonly<Record<string, unknown>>), caUrls: [] }),
);
const image = await world.push('acme/app', { content: 'signed with a key' });
const noToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
};

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  const sign = (inputs: Inputs, env: object = noToken): ReturnType<typeof world.run> =>
    world.run(
      entry,
      { mode: 'sign', images: image.reference, 'if-signed': 'sign', ...inputs },
      { env: { GITHUB_WORKSPACE: workspace, ...env }, secrets: [PASSWORD, privateKey] },
    );
  const verify = (inputs: Inputs): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'verify', images: image.reference, ...inputs });

  test.each<[string, Inputs]>([
    ['as PEM text', { key: privateKey }],
    ['encrypted, in a file', { key: 'cosign.key', 'key-password': PASSWORD }],
    ['for an instance without a certificate authority', { key: privateKey, sigstore: noAuthority }],
    ['and Rekor v1', { key: privateKey, sigstore: world.trust.signingConfigs.rekor1 }],
  ])('signs in a job without a token with a key %s', async (_, inputs) => {
    const { exit, outputs, masks } = await sign(inputs);
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({ signed: 'true', identity: '', issuer: '' });
    expect(outputs).not.toHaveProperty('key');
    const { key, 'key-password': password } = inputs;
    if (key === privateKey) expect(masks.join('\n')).toContain(privateKey.trim().split('\n')[1]);
    if (password !== undefined) expect(masks).toContain(password);
    expect(await asked(world.oidc)).toEqual([]);
    expect(await asked(world.sigstore, 'fulcio')).toEqual([]);
    expect(await asked(world.sigstore, 'tsa')).toHaveLength(1);
    expect(await verify({ key: publicKey })).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted' },
    });
    expect(await verify({})).toMatchObject({ exit: 1, outputs: { verdict: 'rejected' } });
  });

  test('attests provenance with facts from the token and without a certificate', async () => {
    const { exit } = await sign({ key: privateKey, attestations: 'provenance' }, {});
    expect(exit).toBe(0);
    expect((await asked(world.oidc)).filter((each) => each === 'GET /token')).toHaveLength(1);
    expect(await asked(world.sigstore, 'fulcio')).toEqual([]);
    const gate = await verify({ key: publicKey, require: 'signature\nprovenance' });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test.each<[string, Inputs, RegExp]>([
    [
      'provenance without a token',
      { key: privateKey, attestations: 'provenance' },
      /^Cannot create provenance: .*\nTo fix: add "id-token: write"/s,
    ],
    [
      "a key with GitHub's store",
      { key: privateKey, stores: 'registry, github', attestations: '' },
      /^Cannot combine "key" with "stores: github"/m,
    ],
    [
      'a password without a key',
      { 'key-password': PASSWORD },
      /^Cannot use "key-password" without/,
    ],
    ['a URL as key', { key: 'https://acme.example/cosign.key' }, /^Cannot use "key": it is a URL/],
    [
      'a public key as key',
      { key: publicKey },
      /^Cannot sign with the private key "key": it is a public/,
    ],
    [
      'an encrypted key without a password',
      { key: 'cosign.key' },
      /^Cannot sign with .*: it is encrypted, and no password/,
    ],
    [
      'an encrypted key with a wrong password',
      { key: 'cosign.key', 'key-password': 'wrong password' },
      /^Cannot sign with .*: the password does not open it/,
    ],
  ])('rejects %s before any request', async (_, inputs, message) => {
    const { exit, annotations, outputs } = await sign(inputs);
    expect(exit).toBe(1);
    expect(outputs).toEqual({ signed: 'false' });
    expect(annotations.map((each) => each.message).join('\n')).toMatch(message);
    expect(await counted(world)).toEqual({});
  });

  test('rejects Ed25519 before anything is logged in Rekor v2', async () => {
    const key = ed25519.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const { exit, annotations } = await sign({ key });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Cannot log what the key signs: Rekor v2 accepts no signature of an Ed/,
      ),
    ]);
    expect(await asked(world.sigstore)).toEqual([]);
  });
});
