// Verifies a signature over a digest, which node:crypto cannot do: the log receives digests, never the artifact.
import { constants, createHash, type KeyObject, publicDecrypt } from 'node:crypto';

import { oid, octets, nothing, sequence } from './der.ts';

interface Curve {
  readonly prime: bigint;
  readonly order: bigint;
  readonly base: Point;
}

type Point = readonly [x: bigint, y: bigint] | undefined;

// NIST SP 800-186; the curves have a = -3
const curves: Readonly<Record<string, Curve>> = {
  prime256v1: {
    prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    base: [
      0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    ],
  },
  secp384r1: {
    prime:
      0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    base: [
      0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
      0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
    ],
  },
  secp521r1: {
    prime:
      0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    base: [
      0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
      0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
    ],
  },
};

export function verifySignedDigest(digest: Buffer, signature: Buffer, key: KeyObject): boolean {
  try {
    return key.asymmetricKeyType === 'rsa'
      ? verifyRsa(digest, signature, key)
      : verifyEcdsa(digest, signature, key);
  } catch {
    return false;
  }
}

function verifyRsa(digest: Buffer, signature: Buffer, key: KeyObject): boolean {
  const sha256Info = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing()), octets(digest));
  return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(sha256Info);
}

// FIPS 186-5 section 6.4.2
function verifyEcdsa(digest: Buffer, signature: Buffer, key: KeyObject): boolean {
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (!curve) return false;
  const { prime, order, base } = curve;
  const [r, s] = parseSignature(signature);
  if (r <= 0n || r >= order || s <= 0n || s >= order) return false;
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const publicPoint: Point = [
    decode(Buffer.from(x, 'base64url')),
    decode(Buffer.from(y, 'base64url')),
  ];
  const inverse = invert(s, order);
  const hash = decode(digest.subarray(0, Math.ceil(order.toString(16).length / 2)));
  const point = add(
    multiply(base, modulo(hash * inverse, order), prime),
    multiply(publicPoint, modulo(r * inverse, order), prime),
    prime,
  );
  return point !== undefined && modulo(point[0], order) === r;
}

function parseSignature(der: Buffer): [bigint, bigint] {
  const start = der.readUInt8(1) & 0x80 ? 3 : 2;
  const rLength = der.readUInt8(start + 1);
  const sStart = start + 2 + rLength;
  return [
    decode(der.subarray(start + 2, sStart)),
    decode(der.subarray(sStart + 2, sStart + 2 + der.readUInt8(sStart + 1))),
  ];
}

function multiply(point: Point, factor: bigint, prime: bigint): Point {
  let sum: Point;
  let addend = point;
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, addend, prime);
    addend = add(addend, addend, prime);
  }
  return sum;
}

function add(a: Point, b: Point, prime: bigint): Point {
  if (!a || !b) return a ?? b;
  const same = a[0] === b[0];
  if (same && modulo(a[1] + b[1], prime) === 0n) return undefined;
  const slope = same
    ? (3n * a[0] * a[0] - 3n) * invert(2n * a[1], prime)
    : (b[1] - a[1]) * invert(b[0] - a[0], prime);
  const x = modulo(slope * slope - a[0] - b[0], prime);
  return [x, modulo(slope * (a[0] - x) - a[1], prime)];
}

function invert(value: bigint, modulus: bigint): bigint {
  let [low, high] = [modulo(value, modulus), modulus];
  let [lowFactor, highFactor] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [lowFactor, highFactor] = [highFactor - quotient * lowFactor, lowFactor];
  }
  return modulo(lowFactor, modulus);
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function decode(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`);
}

export function sha256(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}
