// X.509 certificates (RFC 5280) as Fulcio and the timestamp authority issue them.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

import {
  bits,
  boolean,
  explicit,
  integer,
  octets,
  oid,
  sequence,
  setOf,
  tagged,
  text,
  utcTime,
} from './der.ts';

export interface Name {
  readonly organization: string;
  readonly commonName: string;
}

export interface Authority {
  readonly name: Name;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** This certificate and its issuers, root last. */
  readonly chain: readonly Buffer[];
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface Template {
  readonly subject: Buffer;
  readonly key: KeyObject;
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
  readonly serial: Buffer;
}

const ECDSA_SHA384 = sequence(oid('1.2.840.10045.4.3.3'));
const USAGES = {
  digitalSignature: bits(Buffer.from([0x80]), 7),
  certSign: bits(Buffer.from([0x06]), 1),
};

export function createAuthority(
  name: Name,
  validity: Validity,
  depth: number,
  issuer?: Authority,
): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const extensions = [
    extension('2.5.29.15', USAGES.certSign, 'critical'),
    extension('2.5.29.19', sequence(boolean(true), integer(depth)), 'critical'),
    ...keyIdentifiers(keys.publicKey, issuer?.publicKey ?? keys.publicKey),
  ];
  const template = {
    subject: encodeName(name),
    key: keys.publicKey,
    validity,
    extensions,
    serial: newSerial(),
  };
  const signer = issuer ?? { name, ...keys, chain: [] };
  return {
    name,
    ...keys,
    chain: [signCertificate(signer, buildTbs(signer, template)), ...signer.chain],
  };
}

/** The signed part of a certificate; a CT log signs it before the certificate exists. */
export function buildTbs(
  issuer: Authority,
  { subject, key, validity, extensions, serial }: Template,
): Buffer {
  return sequence(
    explicit(0, integer(2)),
    integer(serial),
    ECDSA_SHA384,
    encodeName(issuer.name),
    sequence(utcTime(validity.notBefore), utcTime(validity.notAfter)),
    subject,
    key.export({ format: 'der', type: 'spki' }),
    explicit(3, sequence(...extensions)),
  );
}

export function signCertificate(issuer: Authority, tbs: Buffer): Buffer {
  return sequence(tbs, ECDSA_SHA384, bits(sign('sha384', tbs, issuer.privateKey)));
}

export function newSerial(): Buffer {
  return Buffer.concat([Buffer.from([1]), randomBytes(19)]);
}

export function extension(
  id: string,
  value: Buffer,
  weight: 'critical' | 'plain' = 'plain',
): Buffer {
  return sequence(oid(id), ...(weight === 'critical' ? [boolean(true)] : []), octets(value));
}

export function leafUsage(purpose: string | undefined, weight: 'critical' | 'plain'): Buffer[] {
  const usage = extension('2.5.29.15', USAGES.digitalSignature, 'critical');
  return purpose === undefined
    ? [usage]
    : [usage, extension('2.5.29.37', sequence(oid(purpose)), weight)];
}

export function keyIdentifiers(subject: KeyObject, issuer: KeyObject): Buffer[] {
  return [
    extension('2.5.29.14', octets(keyIdentifier(subject))),
    extension('2.5.29.35', sequence(tagged(0x80, keyIdentifier(issuer)))),
  ];
}

export function encodeName({ organization, commonName }: Name): Buffer {
  return sequence(
    setOf(sequence(oid('2.5.4.10'), text(organization))),
    setOf(sequence(oid('2.5.4.3'), text(commonName))),
  );
}

export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest();
}
