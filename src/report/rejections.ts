// What a rejection code says to people, and what they can do about it.
import type { Rejection, RejectionCode } from '../model/verdict.ts';

interface Meaning {
  readonly state: string;
  readonly remedy: string;
}

const AGAIN = 'sign the image again; do not deploy it as it is';

const MEANINGS: Readonly<Record<RejectionCode, Meaning>> = {
  BUNDLE_MALFORMED: {
    state: 'the bundle is damaged, or was never a Sigstore bundle',
    remedy: AGAIN,
  },
  BUNDLE_VERSION: {
    state: 'the bundle has a version that is not known here',
    remedy: 'sign with a tool that writes bundles of version 0.3, or update this action',
  },
  BUNDLE_UNSUPPORTED: {
    state: 'the bundle signs bare bytes and says nothing about an image',
    remedy: 'sign the image instead of a file',
  },
  CERTIFICATE: {
    state: 'the certificate is not of a trusted authority, or was not valid when it signed',
    remedy:
      'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as it is',
  },
  CERTIFICATE_USAGE: { state: 'the certificate is not for signing code', remedy: AGAIN },
  CERTIFICATE_IDENTITY: { state: 'the certificate does not name one signer', remedy: AGAIN },
  SIGNATURE: {
    state: 'the signature is not over this content, or not by this key',
    remedy: `${AGAIN}, or name the key that has signed it`,
  },
  KEY: {
    state: 'the signer is of another kind than is required',
    remedy:
      'require the signer that is there: "key" for a signature made with a key, "repository" and its like for a certificate',
  },
  TIMESTAMP: {
    state: 'no trusted witness says when it was signed',
    remedy:
      'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again with a timestamp; do not deploy it as it is',
  },
  TRANSPARENCY_LOG: {
    state: 'no trusted transparency log vouches for the signature',
    remedy:
      'pass the "trusted-root" of the Sigstore instance that signed the image, or sign it again; do not deploy it as it is',
  },
  LOG_ENTRY_KEY: {
    state: 'the transparency log has seen the signature with another key',
    remedy: AGAIN,
  },
  PAYLOAD_TYPE: { state: 'the signature is over something that is not a statement', remedy: AGAIN },
  STATEMENT: {
    state: 'the signature is over something that is not a statement about an image',
    remedy: AGAIN,
  },
  SUBJECT: {
    state: 'the signature is about another image',
    remedy: 'sign this image; what was found was copied to it from another one',
  },
};

/** One line: what is wrong, and by which check. */
export function sentenceOf({ code, finding: { rule, expected, found } }: Rejection): string {
  return `${MEANINGS[code].state} (${rule}: expected "${expected}", found "${found}")`;
}

export function remedyOf({ code }: Rejection): string {
  return MEANINGS[code].remedy;
}
