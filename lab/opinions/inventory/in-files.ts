// Bundle files of other projects, with their subject, signer and expected result.
import { dirname, join } from 'node:path';

import type { Arguments } from '../../conformance/arguments.ts';
import { isDigest } from '../../../src/model/digest.ts';
import type { Question } from '../question.ts';

const workflow = (
  path: string,
  issuer = 'https://token.actions.githubusercontent.com',
): Arguments['signer'] => ({ kind: 'identity', identity: `https://github.com/${path}`, issuer });
const person = (identity: string, issuer: string): Arguments['signer'] => ({
  kind: 'identity',
  identity,
  issuer,
});

const beacon = workflow(
  'sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main',
);
const aaTest = workflow('loosebazooka/aa-test/.github/workflows/provenance.yaml@refs/heads/main');
const sigstoreJs = workflow('sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main');
const conformance = person(
  'untrusted-sa@sigstore-conformance.iam.gserviceaccount.com',
  'https://accounts.google.com',
);
const appu = person('appu@google.com', 'https://accounts.google.com');

interface Row {
  readonly signer: Arguments['signer'];
  /** A file next to the bundle, or a digest. */
  readonly about: string;
  readonly root?: 'staging' | 'github';
  readonly refusal?: RegExp;
}

/** Without sigstore-go/dsse.sigstore.json, whose subject is a SHA-512 of content that is not available. */
const rows: Readonly<Record<string, Row>> = {
  'oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json': {
    signer: workflow(
      'kubewarden/kubewarden-controller/.github/workflows/release.yml@refs/tags/v1.34.0',
    ),
    about: 'sha256:c811d58de79c92f03214e63aa339484e488d694ae8a6283b5f3f17a9faf50172',
  },
  'github/sigstore-js-2.1.0-bundle.json': { signer: sigstoreJs, about: 'sigstore-js-2.1.0.tgz' },
  'github/sigstore-js-2.1.0-bundle-v0.1.json': {
    signer: sigstoreJs,
    about: 'sigstore-js-2.1.0.tgz',
  },
  'github/github_provenance_demo-bundle.jsonl': {
    signer: workflow('actions/attest-demo/.github/workflows/build-python.yml@refs/heads/main'),
    about: 'github_provenance_demo-0.0.12-py3-none-any.whl',
    root: 'github',
  },
  'github/release-bundle-bdehamer-delme-v6.json': {
    // Its certificate names no issuer.
    signer: person(
      'https://dotcom.releases.github.com',
      'https://token.actions.githubusercontent.com',
    ),
    about: 'sha256:e15b593c6ab8d7725a3cc82226ef816cac6bf9c70eed383bd459295cc65f5ec3',
    root: 'github',
    refusal: /^CERTIFICATE_IDENTITY: /,
  },
  'github/bcr-MODULE.bazel.intoto.jsonl': {
    signer: workflow(
      'bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml@refs/tags/v0.0.1',
    ),
    about: 'sha256:06ce330900a7d6403bc8d88e5dfad6aeeb8ae40179f66bb89e69c8bf6f6b1a0b',
  },
  'slsa-bundles/valid-v0.3.intoto.sigstore': {
    signer: workflow(
      'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/heads/main',
    ),
    about: 'sha256:2892146b063a94cb4a4318c0e98d38af12dcf2b1e29237486b58463b59607bbd',
  },
  'slsa-bundles/invalid-dsse-sig.intoto.sigstore': {
    signer: workflow(
      'laurentsimon/slsa-delegator/.github/workflows/delegator_generic_slsa3.yml@refs/heads/main',
    ),
    about: 'sha256:092b220688ee737c66882a74ae8bfe3e2b35df60b92404b552ebe905a2d633ce',
    refusal: /^TRANSPARENCY_LOG: /,
  },
  'java/PKIX_ECDSA_P256_SHA_256.sigstore.json': { signer: conformance, about: 'artifact.txt' },
  'java/PKIX_ECDSA_P521_SHA_512.sigstore.json': { signer: conformance, about: 'artifact.txt' },
  'java/PKIX_RSA_PKCS1V15_3072_SHA256.sigstore.json': {
    signer: conformance,
    about: 'artifact.txt',
  },
  'java/bundle-with-bad-checkpoint-signature.sigstore': {
    signer: beacon,
    about: 'artifact.txt',
    refusal: /^TRANSPARENCY_LOG: /,
  },
  'java/bundle-with-mismatched-set.sigstore': {
    signer: beacon,
    about: 'artifact.txt',
    refusal: /^TRANSPARENCY_LOG: /,
  },
  'java/bundle-with-timestamp.sigstore': {
    signer: person('aaronlew@google.com', 'https://accounts.google.com'),
    about: 'artifact.txt',
    root: 'staging',
  },
  'java/bundle.dsse.sigstore': { signer: aaTest, about: 'artifact.txt' },
  'java/bundle.dsse.bad-signature.sigstore': {
    signer: aaTest,
    about: 'artifact.txt',
    refusal: /^[A-Z_]+: /,
  },
  'java/bundle.dsse.mismatched-signature.sigstore': {
    signer: beacon,
    about: 'artifact.txt',
    refusal: /^[A-Z_]+: /,
  },
  'java/bundle.dsse.rekor-v2.bad-signature.sigstore': {
    signer: beacon,
    about: 'artifact.txt',
    root: 'staging',
    refusal: /^[A-Z_]+: /,
  },
  'java/bundle.dsse.rekor-v2.mismatched-signature.sigstore': {
    signer: beacon,
    about: 'artifact.txt',
    root: 'staging',
    refusal: /^[A-Z_]+: /,
  },
  'java/bundle.v1.no.inclusion.sigstore': { signer: appu, about: 'artifact.txt' },
  'java/bundle.v2.no.inclusion.sigstore': {
    signer: appu,
    about: 'artifact.txt',
    refusal: /^BUNDLE_MALFORMED: /,
  },
  'java/bundle.v3.no.inclusion.sigstore': {
    signer: appu,
    about: 'artifact.txt',
    refusal: /^BUNDLE_MALFORMED: /,
  },
  'java/bundle.v3_1.no.inclusion.sigstore': {
    signer: appu,
    about: 'artifact.txt',
    refusal: /^BUNDLE_MALFORMED: /,
  },
  'python/a.dsse.staging-rekor-v2.txt.sigstore.json': {
    signer: beacon,
    about: 'sha256:a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf',
    root: 'staging',
  },
  'python/bundle_v3_github.whl.sigstore': {
    signer: workflow('trailofbits/rfc8785.py/.github/workflows/release.yml@refs/tags/v0.1.2'),
    about: 'bundle_v3_github.whl',
  },
  'python/bundle_cve_2022_36056.txt.sigstore': {
    signer: person('william@yossarian.net', 'https://github.com/login/oauth'),
    about: 'bundle_cve_2022_36056.txt',
    root: 'staging',
    refusal: /^TRANSPARENCY_LOG: /,
  },
};

export function bundlesInFiles(vectors: string): readonly Question[] {
  return Object.entries(rows).map(([name, { signer, about, root = 'prod', refusal }]): Question => {
    const bundle = join(vectors, name);
    return {
      name,
      collection: 'vectors of others',
      bundle,
      signer,
      trustedRoot: join(vectors, `trusted-roots/${root}-trusted_root.json`),
      artifact: isDigest(about) ? { digest: about } : { path: join(dirname(bundle), about) },
      refusal,
    };
  });
}
