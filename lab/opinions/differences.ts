// The known differences from other verifiers; docs/verification.md has a row for each `what`, in this order.
import type { JudgeName } from './judge.ts';

export interface KnownDifference {
  readonly what: string;
  readonly judge: JudgeName;
  /** Names; a `*` at the end of one stands for anything. */
  readonly vectors: readonly string[];
  /** What its refusal says of vectors that we accept; undefined when it accepts what we refuse. */
  readonly refusal?: RegExp;
  /** It reads nothing of the kind: where it refuses for this reason what we refuse as well, it has judged nothing. */
  readonly unread?: true;
  /** Whether it differs depends on bytes that are others whenever the vectors are made. */
  readonly varies?: true;
}

const own = (...names: readonly string[]): readonly string[] => names.map((name) => `own/${name}`);

/** What the other accepts and we refuse. */
const looser: readonly KnownDifference[] = [
  {
    what: 'Root without a start of validity',
    judge: 'sigstore (npm)',
    vectors: [
      'conformance/trust-root-tlog-missing-validity-start_fail',
      ...own(
        'root-tlogs-without-start',
        'root-ctlogs-without-start',
        'root-certificateauthorities-without-start',
        'root-timestampauthorities-without-start',
      ),
    ],
  },
  {
    what: 'Root without a start of validity',
    judge: 'cosign v3',
    vectors: own(
      'root-certificateauthorities-without-start',
      'root-timestampauthorities-without-start',
    ),
  },
  {
    what: 'Log or authority that was not in use',
    judge: 'sigstore (npm)',
    vectors: own('proof-of-a-log-that-was-over', 'proof-of-a-log-to-come'),
  },
  {
    what: 'Log or authority that was not in use',
    judge: 'cosign v3',
    vectors: own('proof-of-a-log-that-was-over', 'proof-of-a-log-to-come'),
  },
  {
    what: 'Log or authority that was not in use',
    judge: 'sigstore-python',
    vectors: own(
      'authority-over',
      'sct-of-a-log-that-was-over',
      'promise-of-a-log-that-was-over',
      'proof-of-a-log-that-was-over',
      'authority-to-come',
      'sct-of-a-log-to-come',
      'promise-of-a-log-to-come',
      'proof-of-a-log-to-come',
    ),
  },
  {
    what: 'Timestamp beside a Rekor v1 entry',
    judge: 'cosign v3',
    vectors: ['conformance/intoto-tsa-timestamp-outside-cert-validity_fail'],
  },
  {
    what: 'Invalid timestamp next to a valid one',
    judge: 'cosign v3',
    vectors: own('timestamp-twice', 'timestamp-of-another-signature-beside'),
  },
  {
    what: 'Invalid timestamp next to a valid one',
    judge: 'sigstore-python',
    vectors: own('timestamp-of-another-signature-beside'),
  },
  {
    what: 'Ambiguous JSON',
    judge: 'sigstore (npm)',
    vectors: own('not-utf-8', 'payload-twice', 'number-too-large', 'number-without-end', 'nested'),
  },
  { what: 'Ambiguous JSON', judge: 'sigstore-python', vectors: own('payload-twice') },
  {
    what: 'Excessive work',
    judge: 'sigstore (npm)',
    vectors: own('values-without-end', 'megabyte-member'),
  },
  { what: 'Future version', judge: 'sigstore (npm)', vectors: own('version-to-come') },
  {
    what: 'Base64 with other characters',
    judge: 'sigstore (npm)',
    vectors: own('base64-padding', 'base64-line-end', 'base64-other-character'),
  },
  {
    what: 'Base64 with other characters',
    judge: 'sigstore (npm)',
    varies: true,
    vectors: own('base64-of-both-alphabets'),
  },
  {
    what: 'Base64 with other characters',
    judge: 'cosign v3',
    varies: true,
    vectors: own('base64-line-end'),
  },
  {
    what: 'Base64 with other characters',
    judge: 'sigstore-python',
    vectors: own('base64-padding', 'base64-line-end', 'base64-other-character'),
  },
  {
    what: 'Index that is not a number',
    judge: 'sigstore (npm)',
    vectors: own('negative-index', 'index-with-a-space'),
  },
  {
    what: 'Index that is not a number',
    judge: 'sigstore-python',
    vectors: own('index-with-a-space'),
  },
  { what: 'Extended key usage', judge: 'sigstore (npm)', vectors: own('usage-*') },
  { what: 'Extended key usage', judge: 'cosign v3', vectors: own('usage-not-stated') },
  {
    what: 'Several names or issuers',
    judge: 'sigstore (npm)',
    vectors: own(
      'names-of-two',
      'names-of-two-kinds',
      'names-twice',
      'issuer-of-another-type',
      'issuers-that-differ',
      'issuer-twice',
    ),
  },
  {
    what: 'Several names or issuers',
    judge: 'cosign v3',
    vectors: own('names-of-two', 'names-of-two-kinds'),
  },
  {
    what: 'Name and origin of a checkpoint',
    judge: 'sigstore (npm)',
    vectors: own('checkpoint-of-another-origin*'),
  },
  {
    what: 'Name and origin of a checkpoint',
    judge: 'sigstore-python',
    vectors: own('checkpoint-of-another-origin*', 'checkpoint-by-another-name'),
  },
  {
    what: 'Index and kind of a Rekor v2 entry',
    judge: 'cosign v3',
    vectors: own('proof-of-another-index', 'entry-of-another-kind'),
  },
  {
    what: 'Certificate in the log entry',
    judge: 'sigstore (npm)',
    vectors: own(
      'dsse-of-another-certificate',
      'dsse-v2-of-another-certificate',
      'intoto-of-another-certificate',
      'hashedrekord-of-another-certificate',
      'hashedrekord-v1-of-another-certificate',
    ),
  },
  {
    what: 'Certificate instead of a key',
    judge: 'sigstore (npm)',
    vectors: own('key-and-a-certificate'),
  },
  {
    what: 'Payload type, statement, subject',
    judge: 'sigstore (npm)',
    vectors: own(
      'payload-type*',
      'long-payload-type',
      'statement-*',
      'subject-*',
      'key-about-another-image',
    ),
  },
  {
    what: 'Ambiguous statement',
    judge: 'cosign v3',
    vectors: own('statement-number-too-large', 'statement-nested'),
  },
  {
    what: 'Ambiguous statement',
    judge: 'sigstore-python',
    vectors: own('statement-subject-twice', 'statement-number-too-large', 'statement-nested'),
  },
  {
    what: 'Statement with faults',
    judge: 'cosign v3',
    vectors: own(
      'statement-of-another-type',
      'statement-with-a-subject-without-digest',
      'subject-in-upper-case',
    ),
  },
  {
    what: 'Payload of a `.sig` layer',
    judge: 'sigstore (npm)',
    vectors: own(
      'sig-of-another-image',
      'sig-of-another-type',
      'sig-of-sha512',
      'sig-with-two-images',
      'sig-no-json',
    ),
  },
  {
    what: 'Payload of a `.sig` layer',
    judge: 'cosign v3',
    vectors: own(
      'sig-of-another-image',
      'sig-of-another-type',
      'sig-of-sha512',
      'sig-with-two-images',
      'sig-no-json',
    ),
  },
];

/** What the other refuses and we accept. */
const stricter: readonly KnownDifference[] = [
  {
    what: 'intoto 0.0.1',
    judge: 'sigstore (npm)',
    unread: true,
    refusal: /unsupported intoto version: 0\.0\.1/,
    vectors: ['oci-layouts/slsa-container-v1.4.0#0', ...own('att-intoto-0.0.1')],
  },
  {
    what: 'intoto 0.0.1',
    judge: 'cosign v3',
    unread: true,
    refusal: /unsupported entry type: \*intoto\.V001Entry/,
    vectors: ['oci-layouts/slsa-container-v1.4.0#0', ...own('att-intoto-0.0.1')],
  },
  {
    what: 'intoto 0.0.2',
    judge: 'sigstore-python',
    unread: true,
    refusal: /only supported for dsse\/hashedrekord 0\.0\.1/,
    vectors: [
      'github/sigstore-js-2.1.0-bundle.json',
      'github/sigstore-js-2.1.0-bundle-v0.1.json',
      ...own('rekor-v1-intoto-0.0.2'),
    ],
  },
  {
    what: 'dsse 0.0.2',
    judge: 'cosign v3',
    refusal: /only supported with --new-bundle-format/,
    vectors: own('rekor-v2-dsse'),
  },
  {
    what: 'dsse 0.0.2',
    judge: 'sigstore-python',
    unread: true,
    refusal: /Unsupported DSSE log entry type: dsse\/0\.0\.2/,
    vectors: own('rekor-v2-dsse'),
  },
  {
    what: 'hashedrekord 0.0.1 over an envelope',
    judge: 'cosign v3',
    unread: true,
    refusal: /not a dsse_v001 or intoto_v002 entry/,
    vectors: own('rekor-v1-hashedrekord'),
  },
  {
    what: 'hashedrekord 0.0.1 over an envelope',
    judge: 'sigstore-python',
    unread: true,
    refusal: /Unsupported DSSE log entry type: hashedrekord\/0\.0\.1/,
    vectors: own('rekor-v1-hashedrekord'),
  },
  {
    what: 'Promise without a proof',
    judge: 'sigstore-python',
    unread: true,
    refusal: /inclusionProof Field required/,
    vectors: [
      'java/bundle.v1.no.inclusion.sigstore',
      'cosign-legacy/containers-image-fulcio-rekor.json',
      'cosign-legacy/gha-keyless-*',
      'oci-layouts/*',
      ...own(
        'sig-keyless*',
        'sig-first-of-three',
        'sig-third-of-three',
        'att-keyless',
        'att-intoto-0.0.1',
      ),
    ],
  },
  {
    what: 'Subjects without a name, statement v0.1',
    judge: 'sigstore-python',
    refusal: /malformed in-toto statement/,
    vectors: [
      'oci-bundles/kubewarden-controller-v1.34.0-cosign-sign.sigstore.json',
      'slsa-bundles/valid-v0.3.intoto.sigstore',
      ...own('cosign-v3-rekor-v1', 'cosign-v3-rekor-v2*'),
    ],
  },
  {
    what: 'Two log entries',
    judge: 'sigstore-python',
    unread: true,
    refusal: /expected exactly one log entry/,
    vectors: own('both-logs'),
  },
  {
    what: 'Base64 unpadded or of the URL alphabet',
    judge: 'sigstore-python',
    refusal: /signatures\.0\.sig Value error/,
    vectors: own('unpadded'),
  },
  {
    what: 'Base64 unpadded or of the URL alphabet',
    judge: 'sigstore-python',
    varies: true,
    refusal: /signatures\.0\.sig Value error|DSSE: invalid signature/,
    vectors: own('url-alphabet'),
  },
  {
    what: 'ECDSA with SHA-384 or SHA-512',
    judge: 'sigstore (npm)',
    refusal: /digest mismatch/,
    vectors: own('p-384', 'p-521'),
  },
  {
    what: 'ECDSA with SHA-384 or SHA-512',
    judge: 'cosign v3',
    refusal: /accepted signatures do not match threshold/,
    vectors: own('key-ecdsa-p-384-with-sha-384', 'key-ecdsa-p-521-with-sha-512'),
  },
  {
    what: 'ECDSA with SHA-384 or SHA-512',
    judge: 'sigstore-python',
    refusal: /Bundle message digest mismatch|DSSE: invalid signature/,
    vectors: ['java/PKIX_ECDSA_P521_SHA_512.sigstore.json', ...own('p-384', 'p-521')],
  },
  {
    what: 'RSA',
    judge: 'sigstore-python',
    unread: true,
    refusal: /^TypeError: RSAPublicKey\.verify/,
    vectors: ['java/PKIX_RSA_PKCS1V15_3072_SHA256.sigstore.json'],
  },
  {
    what: 'RSA with PSS',
    judge: 'sigstore (npm)',
    refusal: /signature verification failed/,
    vectors: own('key-rsa-pss'),
  },
  {
    what: 'RSA with PSS',
    judge: 'cosign v3',
    refusal: /accepted signatures do not match threshold|unknown public key algorithm/,
    vectors: own('key-rsa-pss', 'key-rsassa-pss'),
  },
  {
    what: 'Key without a time',
    judge: 'sigstore (npm)',
    refusal: /expected 1 timestamps, got 0/,
    vectors: own(
      'key-ecdsa-p-256',
      'key-ecdsa-p-384-with-sha-384',
      'key-ecdsa-p-521-with-sha-512',
      'key-rsa-pkcs-1-v1-5',
    ),
  },
  {
    what: 'Timestamp over a whole envelope',
    judge: 'sigstore (npm)',
    refusal: /timestamp could not be verified/,
    vectors: own('att-key-timestamp'),
  },
  {
    what: 'Timestamp over a whole envelope',
    judge: 'cosign v3',
    refusal: /hashed messages don't match/,
    vectors: own('att-key-timestamp'),
  },
];

export const knownDifferences: readonly KnownDifference[] = [...looser, ...stricter];
