// The keys and certificates of one Sigstore instance: a Fulcio CA, a timestamp authority and three logs.
import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';

import {
  type Authority,
  buildTbs,
  createAuthority,
  encodeName,
  extension,
  keyIdentifiers,
  leafUsage,
  newSerial,
  signCertificate,
  toPem,
} from '../services/sigstore/certificate.ts';
import { bits, boolean, integer, oid, sequence } from '../services/sigstore/der.ts';

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

const DAY = 24 * 60 * 60_000;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

export function createAuthorities(organization: string): Authorities {
  return {
    fulcio: createFulcio(organization),
    timestamp: createTimestampAuthority(organization),
    ctLog: createLogKey(),
    rekorV2: createLogKey(),
    rekorV1: createLogKey(),
  };
}

function createFulcio(organization: string): CertificateAuthority {
  const root = createAuthority({ organization, commonName: 'root' }, validity(), 1);
  // Fulcio starts only with an intermediate that is restricted to code signing.
  const usage = [
    extension('2.5.29.15', bits(Buffer.from([0x04]), 2), 'critical'),
    extension('2.5.29.19', sequence(boolean(true), integer(0)), 'critical'),
    extension('2.5.29.37', sequence(oid(CODE_SIGNING))),
  ];
  return issue(root, 'intermediate', usage);
}

function createTimestampAuthority(organization: string): CertificateAuthority {
  const root = createAuthority({ organization, commonName: 'tsa-root' }, validity(), 0);
  // RFC 3161 §2.3: critical, and no other purpose
  return issue(root, 'tsa', leafUsage(TIME_STAMPING, 'critical'));
}

function issue(
  root: Authority,
  commonName: string,
  usage: readonly Buffer[],
): CertificateAuthority {
  const { organization } = root.name;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [...usage, ...keyIdentifiers(publicKey, root.publicKey)];
  const template = {
    subject: encodeName({ organization, commonName }),
    key: publicKey,
    validity: validity(),
    extensions,
    serial: newSerial(),
  };
  const chain = [signCertificate(root, buildTbs(root, template)), ...root.chain].map(toPem);
  return { organization, commonName: root.name.commonName, key: privateKey, chain };
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
}

function createLogKey(): KeyPairKeyObjectResult {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
