// The keys and certificates of one Sigstore instance: a Fulcio CA, a timestamp authority and three logs.
import 'reflect-metadata';
import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';
import type { KeyPairKeyObjectResult } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Extension, X509Certificate } from '@peculiar/x509';

export interface CertificateAuthority {
  readonly organization: string;
  readonly commonName: string;
  /** The key of the first certificate. */
  readonly key: KeyObject;
  /** PEM, the issuing certificate first and the root last. */
  readonly chain: readonly string[];
}

export interface Authorities {
  readonly fulcio: CertificateAuthority;
  readonly timestamp: CertificateAuthority;
  readonly ctLog: KeyPairKeyObjectResult;
  readonly rekorV2: KeyPairKeyObjectResult;
  readonly rekorV1: KeyPairKeyObjectResult;
}

interface Issued {
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60_000;

export async function createAuthorities(organization: string): Promise<Authorities> {
  return {
    fulcio: await createFulcio(organization),
    timestamp: await createTimestampAuthority(organization),
    ctLog: createLogKey(),
    rekorV2: createLogKey(),
    rekorV1: createLogKey(),
  };
}

async function createFulcio(organization: string): Promise<CertificateAuthority> {
  const root = await issue(`O=${organization},CN=root`, [new BasicConstraintsExtension(true, 1, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)]);
  const intermediate = await issue(
    `O=${organization},CN=intermediate`,
    [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.codeSigning]),
    ],
    root,
  );
  return authority(organization, 'root', intermediate, root);
}

async function createTimestampAuthority(organization: string): Promise<CertificateAuthority> {
  const root = await issue(`O=${organization},CN=tsa-root`, [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)]);
  const leaf = await issue(
    `O=${organization},CN=tsa`,
    [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      // RFC 3161 §2.3: critical, and no other purpose
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.timeStamping], true),
    ],
    root,
  );
  return authority(organization, 'tsa-root', leaf, root);
}

async function issue(subject: string, extensions: Extension[], issuer?: Issued): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + DAY),
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
    ],
  });
  return { certificate, keys };
}

function authority(organization: string, commonName: string, first: Issued, root: Issued): CertificateAuthority {
  const chain = [first, root].map(({ certificate }) => `${certificate.toString('pem')}\n`);
  return { organization, commonName, key: KeyObject.from(first.keys.privateKey), chain };
}

function createLogKey(): KeyPairKeyObjectResult {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
