// Why a bundle is invalid: thrown inside the verifier, a value outside of it.
import { ValidationError } from '@sigstore/bundle';
import { VerificationError } from '@sigstore/verify';
import { messageOf } from '../errors.ts';
import type { FoundBundle } from '../model/found.ts';
import type { Rejection, RejectionCode } from '../model/rejection.ts';

/** Characters: a bundle may contain megabytes in place of a word, and a finding goes into outputs. */
const LONGEST = 300;

export class Refusal extends Error {
  readonly code: RejectionCode;
  readonly rule: string;
  readonly expected: string;

  constructor(code: RejectionCode, rule: string, expected: string, found: string) {
    super(found);
    this.code = code;
    this.rule = rule;
    this.expected = expected;
  }
}

/** Anything thrown while a bundle is verified; an unexpected error rejects it as malformed. */
export function rejectionOf(found: FoundBundle, thrown: unknown): Rejection {
  const { code, rule, expected, message } = thrown instanceof Refusal ? thrown : refusalOf(thrown);
  return {
    found: { source: found.source, place: found.place },
    code,
    finding: {
      rule,
      expected,
      found: message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message,
    },
  };
}

function refusalOf(thrown: unknown): Refusal {
  const state =
    thrown instanceof ValidationError
      ? `${thrown.message}: ${thrown.fields.join(', ')}`
      : messageOf(thrown);
  if (!(thrown instanceof VerificationError))
    return new Refusal('BUNDLE_MALFORMED', 'bundle', 'a well-formed Sigstore bundle', state);
  switch (thrown.code) {
    case 'CERTIFICATE_ERROR':
    case 'PUBLIC_KEY_ERROR':
      return new Refusal(
        'CERTIFICATE',
        'certificate',
        'issued by a trusted authority and valid when it signed',
        state,
      );
    case 'SIGNATURE_ERROR':
      return new Refusal(
        'SIGNATURE',
        'signature',
        "made by the certificate's key over this payload",
        state,
      );
    case 'TIMESTAMP_ERROR':
      return new Refusal(
        'TIMESTAMP',
        'timestamp',
        'from a trusted timestamp authority or log',
        state,
      );
    default:
      return new Refusal(
        'TRANSPARENCY_LOG',
        'transparency log',
        'an entry of a trusted log for this signature',
        state,
      );
  }
}
