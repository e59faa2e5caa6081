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
    ],
  },
  {
    what: 'Subjects without a name, statement v0.1', judge: 'sigstore-python', refusal: /malformed in-toto statement/,
    vectors: ['oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json', 'slsa-bundles/valid-v0.3.intoto.sigstore'],
  },
  { what: 'Two log entries', judge: 'sigstore-python', refusal: /expected exactly one log entry/, vectors: ['own/both-logs'] },
  { what: 'RSA, or ECDSA with SHA-512', judge: 'sigstore-python', refusal: /Bundle message digest mismatch/, vectors: ['java/PKIX_ECDSA_P521_SHA_512.sigstore.json'] },
  { what: 'RSA, or ECDSA with SHA-512', judge: 'sigstore-python', refusal: /^TypeError: RSAPublicKey\.verify/, vectors: ['java/PKIX_RSA_PKCS1V15_3072_SHA256.sigstore.json'] },
];

export const knownDifferences: readonly KnownDifference[] = [...looser, ...stricter];
