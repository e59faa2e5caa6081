// Inputs of a gate with one problem each.
import { FROM_BUILD, type Problem, VERIFY } from './given.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';

export const gateProblems: readonly Problem[] = [
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
