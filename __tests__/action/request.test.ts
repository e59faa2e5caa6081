// From complete inputs to a request.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import type { Claim } from '../../src/model/claim.ts';
import { exactly } from '../../src/model/matcher.ts';
import { DIGEST, parse, SIGN, VERIFY } from './given.ts';

const repository = { registry: 'ghcr.io', path: 'acme/app' };
const SIGNATURE: Claim = { kind: 'signature', annotations: {} };
const PROVENANCE: Claim = { kind: 'provenance' };

describe('the request of a signing step', () => {
  test('requires only an image and its digest', async () => {
    expect(await parse(SIGN)).toEqual({
      mode: 'sign',
      images: [{ text: 'ghcr.io/acme/app', repository, digest: DIGEST }],
      reach: 'manifest',
      stores: ['registry'],
      claims: [SIGNATURE],
      tags: [],
      evidencePlace: { kind: 'with-image' },
      instance: { kind: 'auto' },
      ifSigned: 'skip',
      run: 'real',
      retryTimeout: 300_000,
      thisRepository: 'acme/app',
      summary: 'write',
      githubToken: 'ghs_token',
    });
  });

  test.each<[Partial<RawInputs>, readonly string[], readonly Claim[]]>([
    [{ stores: 'github' }, ['github'], [PROVENANCE]],
    [{ stores: 'github, registry' }, ['registry', 'github'], [SIGNATURE, PROVENANCE]],
    [
      { stores: 'registry\nregistry', attestations: 'provenance' },
      ['registry'],
      [SIGNATURE, PROVENANCE],
    ],
    [{ attestations: 'provenance', signature: 'false' }, ['registry'], [PROVENANCE]],
    [
      { annotations: 'run=42\nenv=prod', signature: 'true' },
      ['registry'],
      [{ kind: 'signature', annotations: { env: 'prod', run: '42' } }],
    ],
  ])('has the options for %j', async (inputs, stores, claims) =>
    expect(await parse({ ...SIGN, ...inputs })).toMatchObject({ stores, claims }),
  );

  test.each<[Partial<RawInputs>, object]>([
    [{ sigstore: 'public-good' }, { kind: 'public-good' }],
    [
      { sigstore: 'private/config.json', 'trusted-root': 'private/root.json' },
      { kind: 'custom', signingConfig: '/workspace/private/config.json' },
    ],
    [
      { sigstore: '/etc/config.json', 'trusted-root': '/etc/root.json' },
      { kind: 'custom', signingConfig: '/etc/config.json' },
    ],
  ])('has the instance of %j', async (inputs, instance) =>
    expect(await parse({ ...SIGN, ...inputs })).toMatchObject({ instance }),
  );

  test('keeps each image as written and prefers its own digest to the common one', async () => {
    const own = `sha256:${'cd'.repeat(32)}`;
    const images = `ghcr.io/acme/app:v1\nghcr.io/acme/app:latest\r\nacme/app, ghcr.io/acme/db@${own}`;
    expect(await parse({ ...SIGN, images })).toMatchObject({
      images: [
        { text: 'ghcr.io/acme/app:v1', repository, tag: 'v1', digest: DIGEST },
        { text: 'ghcr.io/acme/app:latest', repository, tag: 'latest', digest: DIGEST },
        { repository: { registry: 'docker.io', path: 'acme/app' }, digest: DIGEST },
        { repository: { path: 'acme/db' }, digest: own },
      ],
    });
  });
});

describe('the request of a gate', () => {
  test('requires only an image, and accepts a signature of any workflow of this repository', async () => {
    expect(await parse(VERIFY)).toEqual({
      mode: 'verify',
      images: [{ text: 'ghcr.io/acme/app:v1', repository, tag: 'v1' }],
      copyTo: [],
      reach: 'manifest',
      wait: 0,
      onFailure: 'fail',
      sources: ['registry', 'github'],
      bundles: [],
      attestationsOf: ['acme/app'],
      evidencePlace: { kind: 'with-image' },
      policies: [
        {
          name: 'inputs',
          origin: 'inputs',
          images: { kind: 'prefix', prefix: '' },
          mode: 'enforce',
          alternatives: [
            {
              kind: 'evidence',
              name: 'inputs',
              requirements: [
                {
                  name: 'signature',
                  predicateTypes: [
                    'https://sigstore.dev/cosign/sign/v1',
                    'application/vnd.dev.cosign.simplesigning.v1+json',
                  ],
                  conditions: [],
                  anyOf: [
                    {
                      kind: 'keyless',
                      roots: { kind: 'tuf' },
                      identities: [
                        {
                          issuer: exactly('https://token.actions.githubusercontent.com'),
                          rules: [
                            { name: 'repository', matcher: exactly('https://github.com/acme/app') },
                            { name: 'repository-id', matcher: exactly('1000001') },
                            { name: 'owner-id', matcher: exactly('2000002') },
                            {
                              name: 'signer-workflow',
                              matcher: { kind: 'prefix', prefix: 'https://github.com/acme/app/' },
                            },
                          ],
                        },
                      ],
                      circumstances: [
                        {
                          name: 'event',
                          matcher: {
                            kind: 'none-of',
                            values: ['pull_request', 'pull_request_target'],
                          },
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
      retryTimeout: 300_000,
      thisRepository: 'acme/app',
      summary: 'write',
      githubToken: 'ghs_token',
    });
  });

  test('uses the digest input for images without a digest', async () => {
    expect(
      await parse({ ...VERIFY, digest: DIGEST, images: 'ghcr.io/acme/app\nghcr.io/acme/app:v1' }),
    ).toMatchObject({ images: [{ digest: DIGEST }, { tag: 'v1', digest: DIGEST }] });
  });
});

describe('the request in both modes', () => {
  test.each([
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('has the retry-timeout %s', async (text, retryTimeout) => {
    expect(await parse({ ...VERIFY, 'retry-timeout': text })).toMatchObject({ retryTimeout });
  });

  test('has credentials and a trusted root in the workspace, and neither a token nor a summary', async () => {
    const inputs = {
      'registry-username': 'octocat',
      'registry-password': 'secret',
      'trusted-root': 'root.json',
      'github-token': '',
      summary: 'false',
    };
    const request = await parse({
      ...VERIFY,
      images: 'ghcr.io/acme/app:v1\nghcr.io/acme/db:v1',
      ...inputs,
    });
    expect(request).toMatchObject({
      credentials: { username: 'octocat', password: 'secret' },
      trustedRoot: '/workspace/root.json',
      summary: 'leave',
    });
    expect(request).not.toHaveProperty('githubToken');
  });
});
