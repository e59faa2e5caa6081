// Why a bundle is not valid or not acceptable: a rule, what it expects and what was found.
import type { Found } from './found.ts';

/** One rule compared with one bundle. */
export interface Finding {
  readonly rule: string;
  readonly expected: string;
  readonly found: string;
}

/** The rule of a key signature that lacks a trusted time. */
export const LOG_OR_TIMESTAMP = 'log entry or timestamp';

/** Reported if the certificate does not contain a fact. */
export const NOT_STATED = 'not in the certificate';

/** Why a found bundle is not valid. */
export interface Rejection {
  readonly found: Found;
  /** Stable, for tests and documentation. */
  readonly code: RejectionCode;
  readonly finding: Finding;
}

export type RejectionCode =
  | 'BUNDLE_MALFORMED'
  | 'BUNDLE_VERSION'
  | 'BUNDLE_UNSUPPORTED'
  | 'CERTIFICATE'
  | 'CERTIFICATE_USAGE'
  | 'CERTIFICATE_IDENTITY'
  | 'SIGNATURE'
  | 'KEY'
  | 'TIMESTAMP'
  | 'TRANSPARENCY_LOG'
  | 'LOG_ENTRY_KEY'
  | 'PAYLOAD_TYPE'
  | 'STATEMENT'
  | 'SUBJECT';
