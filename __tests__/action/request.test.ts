// From inputs to a request: complete inputs, and every way in which they can be wrong.
import { describe, expect, test } from '@jest/globals';

import type { Environment } from '../../src/action/environment.ts';
import type { RawInputs } from '../../src/action/inputs.ts';
import type { Claim } from '../../src/model/claim.ts';
import { exactly } from '../../src/model/matcher.ts';
import { DIGEST, parse, problemsOf, SIGN, VERIFY } from './given.ts';

const repository = { registry: 'ghcr.io', path: 'acme/app' };
const SIGNATURE: Claim = { kind: 'signature', annotations: {} };
const PROVENANCE: Claim = { kind: 'provenance' };
const ISSUER = 'https://token.actions.githubusercontent.com';

describe('sign', () => {
  test('with nothing but an image and its digest', async () => {
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
  ])('%j', async (inputs, stores, claims) =>
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
  ])('at the instance of %j', async (inputs, instance) =>
    expect(await parse({ ...SIGN, ...inputs })).toMatchObject({ instance }),
  );

  test('each image as it was written, and its own digest beats the common one', async () => {
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

describe('verify', () => {
  test('with nothing but an image: signed by this repository, by whichever workflow', async () => {
    expect(await parse(VERIFY)).toEqual({
      mode: 'verify',
      images: [{ text: 'ghcr.io/acme/app:v1', repository, tag: 'v1' }],
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

  test('the digest input is for images without one', async () => {
    expect(
      await parse({ ...VERIFY, digest: DIGEST, images: 'ghcr.io/acme/app\nghcr.io/acme/app:v1' }),
    ).toMatchObject({ images: [{ digest: DIGEST }, { tag: 'v1', digest: DIGEST }] });
  });
});

describe('both', () => {
  test.each([
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('retry-timeout %s', async (text, retryTimeout) => {
    expect(await parse({ ...VERIFY, 'retry-timeout': text })).toMatchObject({ retryTimeout });
  });

  test('credentials, a root beside the workspace, no token, no summary', async () => {
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

interface Problem {
  readonly inputs: Partial<RawInputs>;
  readonly environment?: Partial<Environment>;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const FROM_BUILD = '${{ steps.build.outputs.digest }}';

const problems: readonly Problem[] = [
  {
    inputs: { ...VERIFY, mode: '' },
    code: 'INPUT_MISSING',
    message: 'required input "mode"',
    remedy: '"mode: sign" or "mode: verify"',
  },
  {
    inputs: { ...VERIFY, mode: 'Sign' },
    code: 'INPUT_INVALID',
    message: '"Sign" is neither sign nor verify',
    remedy: '"mode: sign" or "mode: verify"',
  },
  {
    inputs: { ...VERIFY, images: ' , \n' },
    code: 'INPUT_MISSING',
    message: 'required input "images"',
    remedy: 'one per line',
  },
  {
    inputs: { ...VERIFY, images: 'quay.io/Acme/app:v1' },
    code: 'INPUT_INVALID',
    message: '"images": "quay.io/Acme/app" has upper-case letters',
    remedy: 'write "quay.io/acme/app"',
  },
  {
    inputs: { ...VERIFY, images: 'ghcr.io/acme/app' },
    code: 'INPUT_MISSING',
    message: 'neither a tag nor a digest',
    remedy: 'about to deploy',
  },
  {
    inputs: { ...VERIFY, digest: 'sha256::abc' },
    code: 'INPUT_INVALID',
    message: '"digest": "sha256::abc" has an extra colon',
    remedy: 'once',
  },
  {
    inputs: { ...VERIFY, digest: 'latest' },
    code: 'INPUT_INVALID',
    message: '"digest": "latest" is not',
    remedy: FROM_BUILD,
  },
  {
    inputs: { ...SIGN, digest: '' },
    code: 'INPUT_MISSING',
    message: 'Cannot sign "ghcr.io/acme/app": it has no digest',
    remedy: `set "digest: ${FROM_BUILD}"`,
  },
  {
    inputs: { ...SIGN, digest: '', images: 'ghcr.io/acme/app:v1' },
    code: 'INPUT_MISSING',
    message: 'a tag may have moved',
    remedy: `set "digest: ${FROM_BUILD}"`,
  },
  {
    inputs: { ...SIGN, images: 'ghcr.io/acme/app@sha256:' },
    code: 'INPUT_INVALID',
    message: '"images": "sha256:" is not',
    remedy: FROM_BUILD,
  },
  {
    inputs: SIGN,
    environment: { identityToken: 'unavailable' },
    code: 'PERMISSION_ID_TOKEN',
    message: 'not allowed to request an identity token',
    remedy: 'id-token: write',
  },
  {
    inputs: { ...SIGN, stores: 'registry, dockerhub' },
    code: 'INPUT_INVALID',
    message: '"stores": "dockerhub" is not supported',
    remedy: 'registry or github',
  },
  {
    inputs: { ...SIGN, stores: '' },
    code: 'INPUT_MISSING',
    message: '"stores": it is empty',
    remedy: 'registry or github',
  },
  {
    inputs: { ...SIGN, attestations: 'sbom' },
    code: 'INPUT_INVALID',
    message: '"attestations": "sbom" names no file',
    remedy: 'write "sbom=FILE"',
  },
  {
    inputs: { ...SIGN, signature: 'false' },
    code: 'INPUT_CONFLICT',
    message: '"signature: false": nothing is left to sign',
    remedy: 'attestations: provenance',
  },
  {
    inputs: { ...SIGN, stores: 'github', signature: 'true' },
    code: 'INPUT_CONFLICT',
    message: '"signature": "stores" does not include "registry"',
    remedy: 'add "registry" to "stores"',
  },
  {
    inputs: { ...SIGN, stores: 'github', annotations: 'env=prod' },
    code: 'INPUT_CONFLICT',
    message: '"annotations": they are part of the signature',
    remedy: 'remove "annotations"',
  },
  {
    inputs: { ...SIGN, annotations: 'env' },
    code: 'INPUT_INVALID',
    message: '"annotations": "env" has no "="',
    remedy: 'key=value',
  },
  {
    inputs: { ...SIGN, sigstore: 'config.json' },
    code: 'INPUT_MISSING',
    message: '"trusted-root" is empty',
    remedy: 'trusted_root.json',
  },
  {
    inputs: { ...SIGN, repository: 'acme/app' },
    code: 'INPUT_CONFLICT',
    message: '"repository" with "mode: sign": it belongs to "mode: verify"',
    remedy: 'remove "repository"',
  },
  {
    inputs: { ...SIGN, require: 'provenance' },
    code: 'INPUT_CONFLICT',
    message: '"require" with "mode: sign"',
    remedy: 'remove "require"',
  },
  {
    inputs: { ...VERIFY, stores: 'github' },
    code: 'INPUT_CONFLICT',
    message: '"stores" with "mode: verify": it belongs to "mode: sign"',
    remedy: 'remove "stores"',
  },
  {
    inputs: { ...VERIFY, sigstore: 'public-good' },
    code: 'INPUT_CONFLICT',
    message: '"sigstore" with "mode: verify"',
    remedy: 'remove "sigstore"',
  },
  {
    inputs: { ...VERIFY, 'registry-username': 'octocat' },
    code: 'INPUT_CONFLICT',
    message: '"registry-username" without "registry-password"',
    remedy: 'set "registry-password" too',
  },
  {
    inputs: { ...VERIFY, 'registry-password': 'secret' },
    code: 'INPUT_CONFLICT',
    message: '"registry-password" without "registry-username"',
    remedy: 'set "registry-username" too',
  },
  {
    inputs: {
      ...VERIFY,
      images: 'ghcr.io/acme/app:v1, quay.io/acme/app:v1',
      'registry-username': 'a',
      'registry-password': 'b',
    },
    code: 'INPUT_CONFLICT',
    message: 'the images are in ghcr.io and quay.io',
    remedy: 'docker/login-action',
  },
  ...['', '5', '5 m', '5mm', '1h30m', '1d', '-5s', '1e3s', '100000h', 'm'].map((text): Problem => ({
    inputs: { ...VERIFY, 'retry-timeout': text },
    code: 'INPUT_INVALID',
    message: `"${text}" is not a duration`,
    remedy: '30s, 5m, 1h',
  })),
  {
    inputs: { ...VERIFY, summary: 'no' },
    code: 'INPUT_INVALID',
    message: '"summary": "no" is neither true nor false',
    remedy: '"true" or "false"',
  },
  {
    inputs: { ...VERIFY, require: 'sboms' },
    code: 'INPUT_INVALID',
    message: '"require": "sboms" is neither a known name nor a URI',
    remedy: 'signature, provenance, sbom or the URI',
  },
  {
    inputs: { ...VERIFY, require: 'toString' },
    code: 'INPUT_INVALID',
    message: '"require": "toString" is neither a known name nor a URI',
    remedy: 'signature, provenance, sbom or the URI',
  },
  {
    inputs: { ...VERIFY, require: ',' },
    code: 'INPUT_UNSAFE',
    message: 'an empty list would accept anything',
    remedy: 'list what to require',
  },
  {
    inputs: { ...VERIFY, 'certificate-oidc-issuer': '' },
    code: 'INPUT_UNSAFE',
    message: 'would accept any issuer',
    remedy: 'remove "certificate-oidc-issuer"',
  },
  {
    inputs: { ...VERIFY, 'certificate-oidc-issuer': 'github' },
    code: 'INPUT_INVALID',
    message: '"github" is not a URL',
    remedy: ISSUER,
  },
  {
    inputs: VERIFY,
    environment: { repository: '' },
    code: 'INPUT_UNSAFE',
    message: 'no signer is configured',
    remedy: 'set "repository"',
  },
  {
    inputs: { ...VERIFY, 'certificate-identity': 'https://x', repository: 'acme/app' },
    code: 'INPUT_CONFLICT',
    message: '"certificate-identity" with "repository"',
    remedy: 'use "repository" for GitHub workflows, or "certificate-identity" for any other signer',
  },
  {
    inputs: {
      ...VERIFY,
      'certificate-identity': 'https://x',
      owner: 'acme',
      'signer-workflow': 'acme/app/.github/workflows/a.yml',
    },
    code: 'INPUT_CONFLICT',
    message: '"certificate-identity" with "owner" and "signer-workflow"',
    remedy: 'use "owner" and "signer-workflow" for GitHub workflows',
  },
];

describe('one problem', () => {
  test.each(problems)(
    '$code: $message',
    async ({ inputs, environment = {}, code, message, remedy }) => {
      const found = await problemsOf(inputs, environment);
      expect(found).toEqual([
        expect.objectContaining({
          code,
          message: expect.stringContaining(message),
          remedy: expect.stringContaining(remedy),
        }),
      ]);
      expect(found[0]?.message).toMatch(/^(Cannot|Missing) .*[^.]$/s);
      expect(found[0]?.remedy).toMatch(/[^.]$/);
    },
  );
});

describe('every problem at once', () => {
  test('of a mode that is none, and nothing of what the images would be for', async () => {
    const inputs = { mode: 'Sign', images: 'ghcr.io/acme/app', summary: 'maybe' };
    expect((await problemsOf(inputs)).map(({ message }) => message)).toEqual([
      'Cannot use "mode": "Sign" is neither sign nor verify',
      'Cannot use "summary": "maybe" is neither true nor false',
    ]);
  });

  test('of signing', async () => {
    const inputs = {
      mode: 'sign',
      images: 'Acme/app\nghcr.io/acme/app:v1\nquay.io/acme/app',
      stores: 'ftp',
      attestations: 'sbom',
      sigstore: 'config.json',
      owner: 'acme',
      'registry-username': 'octocat',
      'retry-timeout': 'soon',
      summary: 'maybe',
    };
    expect(
      (await problemsOf(inputs, { identityToken: 'unavailable' })).map(
        ({ code, message }) => `${code} ${message}`,
      ),
    ).toEqual([
      expect.stringMatching(/^INPUT_CONFLICT .*"owner"/),
      expect.stringMatching(/^INPUT_INVALID .*"Acme\/app" has upper-case/),
      expect.stringMatching(/^INPUT_MISSING .*"ghcr.io\/acme\/app:v1": it has no digest/),
      expect.stringMatching(/^INPUT_MISSING .*"quay.io\/acme\/app": it has no digest/),
      expect.stringMatching(/^INPUT_CONFLICT .*ghcr.io and quay.io/),
      expect.stringMatching(/^INPUT_CONFLICT .*"registry-username" without "registry-password"/),
      expect.stringMatching(/^INPUT_INVALID .*"retry-timeout"/),
      expect.stringMatching(/^INPUT_INVALID .*"summary"/),
      expect.stringMatching(/^INPUT_INVALID .*"ftp"/),
      expect.stringMatching(/^INPUT_INVALID .*"sbom"/),
      expect.stringMatching(/^PERMISSION_ID_TOKEN /),
      expect.stringMatching(/^INPUT_MISSING .*"trusted-root"/),
    ]);
  });

  test('of verifying', async () => {
    const inputs = {
      mode: 'verify',
      images: '',
      digest: 'sha256::1',
      attestations: 'provenance',
      repository: 'acme',
      'certificate-identity': 'https://x',
      'signer-workflow': 'a.yml',
      require: 'sboms',
      'certificate-oidc-issuer': 'github',
      'registry-password': 'secret',
    };
    const found = await problemsOf(inputs);
    expect(found.map(({ code }) => code)).toEqual([
      'INPUT_CONFLICT',
      'INPUT_INVALID',
      'INPUT_MISSING',
      'INPUT_CONFLICT',
      'INPUT_INVALID',
      'INPUT_INVALID',
      'INPUT_INVALID',
      'INPUT_INVALID',
      'INPUT_CONFLICT',
    ]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});
