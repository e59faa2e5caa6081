// Error responses of the OCI distribution specification.
import { Refusal, json } from '../answer.ts';

const statuses = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  PRECONDITION_FAILED: 412,
  SIZE_INVALID: 413,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
} as const;

export function refuse(
  code: keyof typeof statuses,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal(json(statuses[code], { errors: [{ code, message, detail: null }] }, headers));
}
