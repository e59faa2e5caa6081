// Signs JSON Web Tokens: RFC 7515 and RFC 7518 section 3.4.
import { type KeyObject, sign } from 'node:crypto';

/** The header must name the algorithm of the key, RS256 or ES256. */
export function signJwt(header: object, claims: object, key: KeyObject): string {
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
