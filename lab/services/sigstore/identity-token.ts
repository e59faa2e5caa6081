// The checks of Fulcio for an identity token: known issuer, valid signature, correct audience and time.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

import { isObject, parseObject } from '../answer.ts';
import type { Claims } from './extensions.ts';

export interface TrustedIssuer {
  readonly issuer: string;
  /** URL of the key set, if it is not the one from discovery. */
  readonly jwks: string;
}

const AUDIENCE = 'sigstore';

export async function checkIdentityToken(
  token: string,
  issuers: readonly TrustedIssuer[],
): Promise<Claims> {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const decode = (part: string): Claims => parseObject(Buffer.from(part, 'base64url')) ?? {};
  const claims = decode(payload);
  const { kid, alg } = decode(header);
  const trusted = issuers.find(({ issuer }) => issuer === claims['iss']);
  if (!trusted) throw new Error(`issuer ${String(claims['iss'])} is not configured`);
  if (alg !== 'RS256') throw new Error(`signature algorithm ${String(alg)} is not supported`);

  const jwk = (await fetchKeys(trusted.jwks)).find((key) => key['kid'] === kid);
  if (!jwk) throw new Error(`no key ${String(kid)} at the issuer`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url')))
    throw new Error('signature does not verify');

  const now = Date.now() / 1000;
  const audience = [claims['aud']].flat();
  if (!audience.includes(AUDIENCE))
    throw new Error(`audience is ${String(claims['aud'])}, not ${AUDIENCE}`);
  if (typeof claims['exp'] !== 'number' || claims['exp'] <= now)
    throw new Error('token is expired');
  if (typeof claims['nbf'] === 'number' && claims['nbf'] > now + 60)
    throw new Error('token is not valid yet');
  return claims;
}

async function fetchKeys(url: string): Promise<JsonWebKey[]> {
  const response = await fetch(url);
  const document: unknown = await response.json();
  return isObject(document) && Array.isArray(document['keys'])
    ? (document['keys'] as JsonWebKey[])
    : [];
}
