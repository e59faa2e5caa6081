// Inputs of a signing step with one problem each.
import { FROM_BUILD, type Problem, SIGN } from './given.ts';

export const signingProblems: readonly Problem[] = [
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
];
