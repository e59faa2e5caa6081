// A timestamp of the timestamp authority: https://github.com/sigstore/timestamp-authority, RFC 3161.
import { createHash } from 'node:crypto';

import { post } from './post.ts';

export type TimestampForm = 'bare' | 'with certificates';

/** Base64 of the response in DER. */
export async function timestamp(
  authority: string,
  content: Buffer,
  form: TimestampForm = 'bare',
): Promise<string> {
  const artifactHash = createHash('sha256').update(content).digest('base64');
  const answer = await post(`${authority}/api/v1/timestamp`, {
    artifactHash,
    hashAlgorithm: 'sha256',
    certificates: form === 'with certificates',
  });
  return answer.toString('base64');
}
