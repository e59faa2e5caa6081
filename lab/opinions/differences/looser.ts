// What other verifiers accept and we reject.
import { type KnownDifference, own } from './difference.ts';

export const looser: readonly KnownDifference[] = [
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
    what: 'Timestamp next to a Rekor v1 entry',
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
