// Every problem in the inputs, each alone and all at once.
import { describe, expect, test } from '@jest/globals';

import { gateProblems } from './gate-problems.ts';
import { problemsOf } from './given.ts';
import { signingProblems } from './signing-problems.ts';

describe('a single problem in the inputs', () => {
  test.each([...signingProblems, ...gateProblems])(
    'is reported with its remedy: $code: $message',
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

describe('all problems in the inputs', () => {
  test('are reported for an unknown mode, without guessing the mode from the images', async () => {
    const inputs = { mode: 'Sign', images: 'ghcr.io/acme/app', summary: 'maybe' };
    expect((await problemsOf(inputs)).map(({ message }) => message)).toEqual([
      'Cannot use "mode": "Sign" is neither sign nor verify',
      'Cannot use "summary": "maybe" is neither true nor false',
    ]);
  });

  test('are reported for a signing step', async () => {
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

  test('are reported for a gate', async () => {
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
