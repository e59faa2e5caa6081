// Public keys as PEM: RFC 7468 section 13. Errors describe what other text is.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { digestOf } from '../model/digest.ts';
import { kindOfText } from '../text/file-kind.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';
import type { TrustedKey } from './trusted-key.ts';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const SHORTEST_RSA = 2048;

/** Every key in the text; a signature of any one of them is valid. */
export function parsePublicKeys(text: string, from: string): Parsed<NonEmpty<TrustedKey>> {
  const keys: TrustedKey[] = [];
  for (const [pem, label = ''] of text.matchAll(BLOCK)) {
    const key = parseBlock(pem, label);
    if (isProblem(key)) return key;
    const spki = key.value.export({ format: 'der', type: 'spki' });
    keys.push({ key: key.value, spki, fingerprint: digestOf(spki), from });
  }
  return isNonEmpty(keys) ? { value: keys } : otherThanKey(text);
}

function otherThanKey(text: string): Problem {
  const kind = kindOfText(text);
  const remedy =
    kind === 'a web page'
      ? 'use the URL of the file itself (on GitHub, the link of the "Raw" button)'
      : 'pass a file that begins with "-----BEGIN PUBLIC KEY-----", for example cosign.pub';
  return {
    problem:
      kind === 'a public key'
        ? 'it is not a complete PEM public key'
        : `it is ${kind}, not a PEM public key`,
    remedy,
  };
}

function parseBlock(pem: string, label: string): Parsed<KeyObject> {
  if (label.includes('PRIVATE KEY'))
    return {
      problem: 'it is a private key',
      remedy:
        'pass the public half, from "cosign public-key" or "openssl pkey -pubout", and replace the key pair if this file was published',
    };
  if (label.startsWith('PGP'))
    return {
      problem: 'it is a PGP key, and cosign does not sign with PGP keys',
      remedy: 'pass the PEM public key that the image was signed with, for example cosign.pub',
    };
  if (label.includes('CERTIFICATE'))
    return {
      problem: 'it is a certificate',
      remedy:
        'pass only the public key; for Fulcio certificates use "repository" or "certificate-identity"',
    };
  try {
    return usable(createPublicKey(pem));
  } catch {
    return {
      problem: `its block "${label}" is not a public key`,
      remedy: 'pass a PEM public key, for example cosign.pub',
    };
  }
}

/** The kinds of key that cosign signs with. */
function usable(key: KeyObject): Parsed<KeyObject> {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const isGood =
    type === 'ed25519' ||
    (type === 'ec' && CURVES.has(details?.namedCurve ?? '')) ||
    ((type === 'rsa' || type === 'rsa-pss') && (details?.modulusLength ?? 0) >= SHORTEST_RSA);
  return isGood
    ? { value: key }
    : {
        problem: `its key type is not supported: ${typeOfKey(key)}`,
        remedy: 'use ECDSA P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519',
      };
}

/** For messages: `ec secp256k1`, `rsa 1024`, `dsa`. */
export function typeOfKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): string {
  const size = details?.namedCurve ?? details?.modulusLength ?? '';
  return `${asymmetricKeyType ?? 'unknown'} ${size}`.trimEnd();
}
