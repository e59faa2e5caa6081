// A private key as PEM: RFC 5958 (PKCS#8, plain or encrypted), RFC 5915 (SEC1), RFC 8017 (PKCS#1), and cosign's own encryption. Errors describe what other text is.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { kindOfText } from '../text/file-kind.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';
import { typeOfKey } from './public-key.ts';
import { openSecretbox } from './secretbox.ts';

/** A key pair of a supported kind: ECDSA P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;
const PLAIN = new Set(['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY']);
const BOXED = new Set(['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY']);
/** RFC 1421 section 4.6.1.1, as OpenSSL wrote it before PKCS#8. */
const OLD_ENCRYPTION = 'Proc-Type: 4,ENCRYPTED';
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
/** The sizes that logs accept: https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md */
const RSA_BITS = new Set([2048, 3072, 4096]);
const MAKE_ONE = 'pass the text of a PEM private key, for example of cosign.key, or a path to it';

interface Block {
  readonly pem: string;
  readonly label: string;
  readonly body: string;
}

/** The one private key in the text. No reported problem contains any of the text or the password. */
export async function parsePrivateKey(
  text: string,
  password: string | undefined,
): Promise<Parsed<SigningKey>> {
  const blocks = [...text.matchAll(BLOCK)].map(([pem, label = '', body = '']): Block => ({
    pem,
    label,
    body,
  }));
  const [block, ...others] = blocks.filter(({ label }) => label.includes('PRIVATE KEY'));
  if (!block) return otherThanKey(text);
  if (others.length > 0)
    return { problem: `it holds ${others.length + 1} private keys`, remedy: 'pass one of them' };
  const key = await open(block, password);
  return isProblem(key) ? key : usable(key.value);
}

function otherThanKey(text: string): Problem {
  const kind = kindOfText(text);
  if (kind === 'a private key')
    return {
      problem: 'it is not a whole PEM private key',
      remedy: 'pass all of it, with its line breaks and the lines that begin with "-----"',
    };
  const remedy =
    kind === 'a public key' ? 'pass the private half, for example cosign.key' : MAKE_ONE;
  return { problem: `it is ${kind}, not a PEM private key`, remedy };
}

function open(block: Block, password: string | undefined): Promise<Parsed<KeyObject>> {
  const { pem, label, body } = block;
  if (BOXED.has(label)) return openBoxed(body, password);
  if (label === 'ENCRYPTED PRIVATE KEY') return Promise.resolve(openEncrypted(pem, password));
  if (!PLAIN.has(label)) return Promise.resolve(unknownKind(label));
  if (body.includes(OLD_ENCRYPTION)) return Promise.resolve(openEncrypted(pem, password));
  return Promise.resolve(openPlain(block, password));
}

/** cosign encrypts with an empty password if the user gives none. */
async function openBoxed(body: string, password: string | undefined): Promise<Parsed<KeyObject>> {
  const der = await openSecretbox(Buffer.from(body, 'base64').toString(), password ?? '');
  if (isProblem(der)) return der;
  if (!der.value) return wrongPassword(password);
  try {
    return { value: createPrivateKey({ key: der.value, format: 'der', type: 'pkcs8' }) };
  } catch {
    return { problem: 'what is encrypted is not a PKCS#8 private key', remedy: MAKE_ONE };
  }
}

function openEncrypted(pem: string, password: string | undefined): Parsed<KeyObject> {
  try {
    return { value: createPrivateKey({ key: pem, passphrase: password ?? '' }) };
  } catch {
    // OpenSSL cannot distinguish a wrong password from damage: the padding may be valid by chance.
    return wrongPassword(password);
  }
}

function openPlain({ pem, label }: Block, password: string | undefined): Parsed<KeyObject> {
  if (password !== undefined)
    return {
      problem: 'it is not encrypted, and a password is given',
      remedy: 'leave out "key-password", or pass the encrypted key',
    };
  try {
    return { value: createPrivateKey(pem) };
  } catch {
    return { problem: `its block "${label}" is damaged`, remedy: MAKE_ONE };
  }
}

function wrongPassword(password: string | undefined): Problem {
  return password === undefined
    ? {
        problem: 'it is encrypted, and no password is given',
        remedy: 'set "key-password" to its password, from a secret',
      }
    : {
        problem: 'the password does not open it',
        remedy:
          'check "key-password": it is the one that the key was made with, without a line break',
      };
}

function unknownKind(label: string): Problem {
  if (label.startsWith('PGP'))
    return { problem: 'it is a PGP key, which images are not signed with', remedy: MAKE_ONE };
  const remedy =
    label === 'OPENSSH PRIVATE KEY'
      ? 'convert it: ssh-keygen -p -m PKCS8 -f FILE'
      : 'convert it to PKCS#8: openssl pkcs8 -topk8 -in FILE';
  return { problem: `its block "${label}" is of another kind`, remedy };
}

function usable(privateKey: KeyObject): Parsed<SigningKey> {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
  const isGood =
    type === 'ed25519' ||
    (type === 'ec' && CURVES.has(details?.namedCurve ?? '')) ||
    (type === 'rsa' && RSA_BITS.has(details?.modulusLength ?? 0));
  if (isGood) return { value: { privateKey, publicKey: createPublicKey(privateKey) } };
  return {
    problem: `it is a key of type ${typeOfKey(privateKey)}`,
    remedy: 'use ECDSA P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519',
  };
}
