// In cosign v2's format every manifest of an index has its own payload, keys sign as certificates do, and content that cannot be logged is an error before any request.
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { ActionResult } from '../../lab/runner/run-action.ts';
import { CERTIFICATE, contentOf, layersOf, tagName } from './cosign-tags.ts';
import { asked, counted } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const world = await startWorld();
const { rekor1, rekor2, both } = world.trust.signingConfigs;
const image = await world.push('acme/app', { content: 'in the old format' });
const ec = (namedCurve: string): KeyPairKeyObjectResult =>
  generateKeyPairSync('ec', { namedCurve });
const pair = ec('P-256');
const pemOf = ({ privateKey }: KeyPairKeyObjectResult): string =>
  privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  const sign = (inputs: Inputs): Promise<ActionResult> =>
    world.run(entry, {
      mode: 'sign',
      images: image.reference,
      sigstore: rekor1,
      'signature-format': 'legacy',
      ...inputs,
    });

  test('signs an index and its manifests with one payload each and attests all with one envelope', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const index = await world.push('acme/index', { content: entry, platforms });
    const digests = [
      index.digest,
      ...Object.values(index.platforms),
      ...Object.values(index.attestations),
    ];
    await world.forget();
    const run = await sign({
      images: index.reference,
      recursive: 'true',
      attestations: 'provenance',
    });
    expect(run).toMatchObject({ exit: 0, outputs: { signed: 'true', images: index.reference } });
    expect(await asked(world.sigstore, 'fulcio')).toHaveLength(1);
    expect(await asked(world.sigstore, 'rekor-v1')).toHaveLength(digests.length + 1);
    for (const digest of digests) {
      const of = { repository: 'acme/index', digest };
      const [payload, ...others] = await layersOf(world, of, 'sig');
      expect(others).toEqual([]);
      expect(payload && contentOf(payload)).toMatchObject({
        critical: { image: { 'docker-manifest-digest': digest } },
      });
      const [envelope] = await layersOf(world, of, 'att');
      expect(envelope && contentOf(envelope)).toMatchObject({
        subject: digests.map((each) => ({ digest: { sha256: each.slice(7) } })),
      });
    }
    const lines = run.log.split('\n').filter((line) => line.startsWith('Signed 127.0.0.1:'));
    expect(lines).toEqual([
      `Signed ${index.reference}: signature in cosign v2's format`,
      `Signed ${index.reference} and 4 manifests of its index: provenance in cosign v2's format`,
    ]);
    expect(run.log).toContain('and 4 more signatures, of what the index lists');
    expect(run.summary).toContain('and 4 more signatures, of what the index lists');
    const images = digests.map((digest) => `${world.registry.host}/acme/index@${digest}`);
    const gate = await world.run(entry, {
      mode: 'verify',
      images: images.join('\n'),
      require: 'signature\nprovenance',
    });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test('signs in a second run only the manifests without a signature', async () => {
    const index = await world.push('acme/halfway', { content: entry, platforms: ['linux/amd64'] });
    const [platform = ''] = Object.values(index.platforms);
    const inputs = { images: index.reference, recursive: 'true' };
    const path = `/manifests/${tagName(platform, 'sig')}`;
    await world.registry.fault({ method: 'PUT', path, action: { status: 400 } });
    expect(await sign(inputs)).toMatchObject({ exit: 1, outputs: { signed: 'false' } });
    await world.forget();
    expect(await sign(inputs)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    expect(await asked(world.sigstore, 'rekor-v1')).toHaveLength(1);
    for (const digest of [index.digest, platform, ...Object.values(index.attestations)])
      expect(await layersOf(world, { repository: 'acme/halfway', digest }, 'sig')).toHaveLength(1);
  });

  test('signs with a key, without a certificate, in a job without a token', async () => {
    const signed = await world.push('acme/app', { content: `${entry} by key` });
    await world.forget();
    const run = await world.run(
      entry,
      {
        mode: 'sign',
        images: signed.reference,
        sigstore: rekor1,
        'signature-format': 'legacy, bundle',
        key: pemOf(pair),
      },
      { env: { ACTIONS_ID_TOKEN_REQUEST_URL: undefined } },
    );
    expect(run).toMatchObject({ exit: 0, outputs: { signed: 'true', identity: '' } });
    expect(await asked(world.sigstore, 'fulcio')).toEqual([]);
    const [layer] = await layersOf(world, signed, 'sig');
    expect(Object.keys(layer?.annotations ?? { [CERTIFICATE]: '' })).not.toContain(CERTIFICATE);
    const gate = { mode: 'verify', images: signed.reference };
    expect(await world.run(entry, { ...gate, key: publicKey })).toMatchObject({ exit: 0 });
    expect(await world.run(entry, gate)).toMatchObject({ exit: 1 });
  });

  test('signs with only a timestamp if the instance has no log', async () => {
    const signed = await world.push('acme/app', { content: `${entry} without a log` });
    const run = await sign({
      images: signed.reference,
      sigstore: world.trust.signingConfigs['timestamp-only'],
      key: pemOf(pair),
    });
    expect(run).toMatchObject({ exit: 0, outputs: { signed: 'true', 'log-index': '' } });
  });

  test.each<[string, Inputs, RegExp]>([
    [
      'an instance with only Rekor v2',
      { sigstore: rekor2 },
      /^Cannot sign in cosign v2's format: the signing configuration has no Rekor v1 log\nTo fix: set "signature-format: bundle"/,
    ],
    [
      'an instance with only Rekor v2 when bundles are written, too',
      { sigstore: rekor2, 'signature-format': 'bundle, legacy' },
      /^Cannot sign in cosign v2's format: /,
    ],
    ['a P-384 key', { key: pemOf(ec('P-384')) }, /^Cannot log what the key signs: in cosign v2's/],
    ['a P-521 key', { key: pemOf(ec('P-521')) }, /^Cannot log what the key signs: in cosign v2's/],
    [
      'an Ed25519 key',
      { key: pemOf(generateKeyPairSync('ed25519')), sigstore: both },
      /^Cannot log what the key signs: in cosign v2's/,
    ],
    [
      '"stores: github" alone',
      { stores: 'github' },
      /^Cannot use "signature-format": "stores" does not include "registry"/,
    ],
    [
      'an empty list of statements',
      { signature: 'false' },
      /^Cannot use "signature: false": nothing is left to sign/,
    ],
    [
      'an unknown format',
      { 'signature-format': 'cosign' },
      /^Cannot use "signature-format": "cosign" is not supported\nTo fix: use bundle or legacy/,
    ],
  ])('rejects %s before any request', async (_, inputs, message) => {
    const { exit, outputs, annotations } = await sign(inputs);
    expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
    expect(annotations.map((each) => each.message)).toEqual([expect.stringMatching(message)]);
    expect(await counted(world)).toEqual({});
  });

  test('reports all problems of the inputs in one message', async () => {
    const { exit, annotations } = await sign({
      stores: 'github',
      'signature-format': 'legacy, x',
      recursive: 'maybe',
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message.split(':')[0])).toEqual([
      'Cannot use "signature-format"',
      'Cannot use "signature-format"',
      'Cannot use "recursive"',
    ]);
  });

  test('attests with a P-384 key, because Rekor v1 accepts its envelopes', async () => {
    const run = await sign({
      key: pemOf(ec('P-384')),
      signature: 'false',
      attestations: 'provenance',
    });
    expect(run).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
  });
});
