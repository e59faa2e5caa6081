// Where others answer otherwise than we do, and we know why; docs/verification.md has a row for each `what`.
import type { JudgeName } from './judge.ts';

export interface KnownDifference {
  readonly what: string;
  readonly judge: JudgeName;
  /** What its refusal says of vectors that we accept; undefined when it accepts what we refuse. */
  readonly refusal?: RegExp;
  readonly vectors: readonly string[];
}

const looser: readonly KnownDifference[] = [
  { what: 'Root without a beginning', judge: 'sigstore (npm)', vectors: ['conformance/trust-root-tlog-missing-validity-start_fail'] },
  { what: 'Root without a certificate authority', judge: 'sigstore (npm)', vectors: ['sigstore-go/public-key-validity.sigstore.json'] },
  { what: 'Root without a certificate authority', judge: 'cosign v3', vectors: ['sigstore-go/public-key-validity.sigstore.json'] },
  { what: 'Timestamp beside a Rekor v1 entry', judge: 'cosign v3', vectors: ['conformance/intoto-tsa-timestamp-outside-cert-validity_fail'] },
];

const stricter: readonly KnownDifference[] = [
  { what: 'intoto 0.0.1', judge: 'sigstore (npm)', refusal: /unsupported intoto version: 0\.0\.1/, vectors: ['oci-layouts/slsa-container-v1.4.0#0'] },
  { what: 'intoto 0.0.1', judge: 'cosign v3', refusal: /unsupported entry type: \*intoto\.V001Entry/, vectors: ['oci-layouts/slsa-container-v1.4.0#0'] },
  {
    what: 'intoto 0.0.2', judge: 'sigstore-python', refusal: /only supported for dsse\/hashedrekord 0\.0\.1/,
    vectors: ['github/sigstore-js-2.1.0-bundle.json', 'github/sigstore-js-2.1.0-bundle-v0.1.json', 'own/rekor-v1-intoto-0.0.2'],
  },
  { what: 'hashedrekord 0.0.1 over an envelope', judge: 'cosign v3', refusal: /not a dsse_v001 or intoto_v002 entry/, vectors: ['own/rekor-v1-hashedrekord'] },
  { what: 'hashedrekord 0.0.1 over an envelope', judge: 'sigstore-python', refusal: /Unsupported DSSE log entry type: hashedrekord\/0\.0\.1/, vectors: ['own/rekor-v1-hashedrekord'] },
  {
    what: 'Promise without a proof', judge: 'sigstore-python', refusal: /inclusionProof Field required/,
    vectors: [
      'java/bundle.v1.no.inclusion.sigstore', 'cosign-legacy/containers-image-fulcio-rekor.json', 'cosign-legacy/gha-keyless-salrashid123-c05263d2ff65.json',
      'cosign-legacy/gha-keyless-salrashid123-d454b76c23ed.json', 'oci-layouts/slsa-container-v1.4.0#0', 'oci-layouts/slsa-container-v1.10.0#0',
      'own/sig-keyless', 'own/sig-keyless-timestamp', 'own/sig-first-of-three', 'own/sig-third-of-three', 'own/att-keyless',
    ],
  },
  {
    what: 'Subjects without a name, statement v0.1', judge: 'sigstore-python', refusal: /malformed in-toto statement/,
    vectors: [
      'oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json', 'slsa-bundles/valid-v0.3.intoto.sigstore',
      'own/cosign-v3-rekor-v1', 'own/cosign-v3-rekor-v2', 'own/cosign-v3-rekor-v2-provenance',
    ],
  },
  { what: 'Issuer in extension 8 alone', judge: 'sigstore-python', refusal: /does not contain OIDCIssuer \(1\.3\.6\.1\.4\.1\.57264\.1\.1\)/, vectors: ['own/e-mail'] },
  { what: 'Two log entries', judge: 'sigstore-python', refusal: /expected exactly one log entry/, vectors: ['own/both-logs'] },
  { what: 'ECDSA with SHA-384 or SHA-512', judge: 'sigstore (npm)', refusal: /digest mismatch/, vectors: ['own/p-384', 'own/p-521'] },
  { what: 'ECDSA with SHA-384 or SHA-512', judge: 'cosign v3', refusal: /accepted signatures do not match threshold/, vectors: ['own/key-ecdsa-p-384-with-sha-384', 'own/key-ecdsa-p-521-with-sha-512'] },
  {
    what: 'ECDSA with SHA-384 or SHA-512', judge: 'sigstore-python', refusal: /Bundle message digest mismatch|DSSE: invalid signature/,
    vectors: ['java/PKIX_ECDSA_P521_SHA_512.sigstore.json', 'own/p-384', 'own/p-521'],
  },
  { what: 'RSA', judge: 'sigstore-python', refusal: /^TypeError: RSAPublicKey\.verify/, vectors: ['java/PKIX_RSA_PKCS1V15_3072_SHA256.sigstore.json'] },
  { what: 'RSA with PSS', judge: 'sigstore (npm)', refusal: /signature verification failed/, vectors: ['own/key-rsa-pss'] },
  { what: 'RSA with PSS', judge: 'cosign v3', refusal: /accepted signatures do not match threshold/, vectors: ['own/key-rsa-pss'] },
  {
    what: 'Key without a time', judge: 'sigstore (npm)', refusal: /expected 1 timestamps, got 0/,
    vectors: ['own/key-ecdsa-p-256', 'own/key-ecdsa-p-384-with-sha-384', 'own/key-ecdsa-p-521-with-sha-512', 'own/key-rsa-pkcs-1-v1-5'],
  },
  { what: 'Timestamp over a whole envelope', judge: 'sigstore (npm)', refusal: /timestamp could not be verified/, vectors: ['own/att-key-timestamp'] },
  { what: 'Timestamp over a whole envelope', judge: 'cosign v3', refusal: /hashed messages don't match/, vectors: ['own/att-key-timestamp'] },
];

export const knownDifferences: readonly KnownDifference[] = [...looser, ...stricter];
