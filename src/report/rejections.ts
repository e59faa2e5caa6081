// The meaning of each rejection code, and its remedy.
import { LOG_OR_TIMESTAMP, type Rejection, type RejectionCode } from '../model/rejection.ts';

interface Meaning {
  readonly state: string;
  readonly remedy: string;
}

const AGAIN = 'sign the image again; do not deploy it as is';

const MEANINGS: Readonly<Record<RejectionCode, Meaning>> = {
  BUNDLE_MALFORMED: {
    state: 'the bundle is malformed or is not a Sigstore bundle',
    remedy: AGAIN,
  },
  BUNDLE_VERSION: {
    state: 'the bundle has an unsupported version',
    remedy: 'sign with a tool that writes bundle version 0.3, or update this action',
  },
  BUNDLE_UNSUPPORTED: {
    state: 'the bundle signs a file, not an image',
    remedy: 'sign the image',
  },
  CERTIFICATE: {
    state:
      'the certificate was not issued by a trusted authority, or was not valid at the time of signing',
    remedy:
      'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as is',
  },
  CERTIFICATE_USAGE: { state: 'the certificate is not valid for code signing', remedy: AGAIN },
  CERTIFICATE_IDENTITY: {
    state: 'the certificate does not identify exactly one signer',
    remedy: AGAIN,
  },
  SIGNATURE: {
    state: 'the signature does not match this content and key',
    remedy: `${AGAIN}; if another key signed it, set "key" to that key`,
  },
  KEY: {
    state: 'the image is signed with a key but a certificate is required, or the other way round',
    remedy:
      'set "key" for an image signed with a key, or "repository" or another identity input for a keyless signature',
  },
  TIMESTAMP: {
    state: 'no trusted timestamp or log entry proves when it was signed',
    remedy:
      'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again with a timestamp; do not deploy it as is',
  },
  TRANSPARENCY_LOG: {
    state: 'the signature has no valid entry in a trusted transparency log',
    remedy:
      'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as is',
  },
  LOG_ENTRY_KEY: {
    state: 'the transparency log recorded the signature with another key',
    remedy: AGAIN,
  },
  PAYLOAD_TYPE: { state: 'the signed payload is not an in-toto statement', remedy: AGAIN },
  STATEMENT: {
    state: 'the signed payload is not a valid statement about an image',
    remedy: AGAIN,
  },
  SUBJECT: {
    state: 'the signature is for another image',
    remedy: 'sign this image; the signature that was found belongs to another one',
  },
};

/** One line: what is wrong, and the check that found it. */
export function sentenceOf({ code, finding: { rule, expected, found } }: Rejection): string {
  return `${MEANINGS[code].state} (${rule}: expected "${expected}", found "${found}")`;
}

export function remedyOf({ code, finding }: Rejection): string {
  return finding.rule === LOG_OR_TIMESTAMP
    ? 'sign again with a transparency log, or set "insecure-ignore-tlog: true" to accept signatures without a known time of signing'
    : MEANINGS[code].remedy;
}
