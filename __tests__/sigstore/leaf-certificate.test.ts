// What is remembered of a signer's certificate is what the library would have computed again.
import { generateKeyPairSync } from 'node:crypto';

import { X509Certificate } from '@sigstore/core';
import { expect, test } from '@jest/globals';

import { certificateReader } from '../../src/sigstore/certificate.ts';
import { LeafCertificate } from '../../src/sigstore/leaf-certificate.ts';
import {
  type Authority,
  buildTbs,
  createAuthority,
  newSerial,
  signCertificate,
} from '../../lab/services/sigstore/certificate.ts';
import { sequence } from '../../lab/services/sigstore/der.ts';

const validity = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
};
const name = { organization: 'example', commonName: 'root' };
const [authority, namesake] = [
  createAuthority(name, validity, 0),
  createAuthority(name, validity, 0),
];

function certificateOf(issuer: Authority): Buffer {
  const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rest = { subject: sequence(), key, validity, extensions: [], serial: newSerial() };
  return signCertificate(issuer, buildTbs(issuer, rest));
}

function issuerOf({ chain: [certificate = Buffer.alloc(0)] }: Authority): X509Certificate {
  return X509Certificate.parse(Buffer.from(certificate));
}

test('says of each issuer whether it has signed the certificate, however often it is asked', () => {
  const leaf = new LeafCertificate(certificateOf(authority));
  const issuers = [issuerOf(namesake), issuerOf(authority)];
  for (let time = 0; time < 2; time++)
    expect(issuers.map((issuer) => leaf.verify(issuer))).toEqual([false, true]);
});

test('a clone has the bytes of the certificate, and changes nothing in it', () => {
  const der = certificateOf(authority);
  const leaf = new LeafCertificate(der);
  const clone = leaf.clone();
  expect(clone.root.toDER()).toEqual(der);
  clone.root.subs.pop();
  expect(leaf.root.toDER()).toEqual(der);
  expect(leaf.clone().root.toDER()).toEqual(der);
});

test('a reader reads a certificate that it has just read no second time, and every other one', () => {
  const read = certificateReader();
  const [one, other] = [certificateOf(authority), certificateOf(authority)];
  const first = read(one);
  expect(read(Buffer.from(one))).toBe(first);
  expect(read(other).root.toDER()).toEqual(other);
  expect(read(one).root.toDER()).toEqual(one);
});
