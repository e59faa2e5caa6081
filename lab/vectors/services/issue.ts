// Certificates that Fulcio would not issue, signed with the key of its authority, and logged in the real log of certificates if it accepts them.
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import {
  type Authority,
  buildTbs,
  extension,
  keyIdentifiers,
  leafUsage,
  newSerial,
  signCertificate,
  type Template,
  type Validity,
} from '../../services/sigstore/certificate.ts';
import { CtLog, sctList } from '../../services/sigstore/ct-log.ts';
import { nothing, sequence, tagged, text } from '../../services/sigstore/der.ts';
import type { Stack } from '../../stack/stack.ts';
import type { CertificateAuthority } from '../../stack/authorities.ts';
import { type CertifiedHolder, certifiedHolder } from '../../bundles/holder.ts';
import { postForJson } from '../../bundles/clients/post.ts';

export interface CertificateRequest {
  /** The subject: names and issuer. */
  readonly identity: readonly Buffer[];
  readonly usage?: readonly Buffer[];
  readonly validity?: Validity;
  /** `signed`: with the log's key, for content that the log itself would reject; bytes are used unchanged. */
  readonly sct?: 'logged' | 'signed' | 'none' | Buffer;
  readonly authority?: CertificateAuthority;
  /** Private. */
  readonly key?: KeyObject;
  /** The signer in the name of the authority, if it is another. */
  readonly forger?: KeyObject;
}

const MINUTE = 60_000;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const FULCIO = '1.3.6.1.4.1.57264.1';
// RFC 6962, sections 3.1 and 3.3
const POISON = extension('1.3.6.1.4.1.11129.2.4.3', nothing(), 'critical');
const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';

export async function issue(stack: Stack, request: CertificateRequest): Promise<CertifiedHolder> {
  const { identity, usage = leafUsage(CODE_SIGNING, 'plain'), sct = 'logged' } = request;
  const {
    key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    authority = stack.authorities.fulcio,
  } = request;
  const validity = request.validity ?? {
    notBefore: new Date(Date.now() - MINUTE),
    notAfter: new Date(Date.now() + 10 * MINUTE),
  };
  const issuer = issuingAuthority(authority);
  const extensions = [
    ...usage,
    ...keyIdentifiers(createPublicKey(key), issuer.publicKey),
    ...identity,
  ];
  const template: Template = {
    subject: sequence(),
    key: createPublicKey(key),
    validity,
    extensions,
    serial: newSerial(),
  };
  const list = await sctsOf(sct, stack, issuer, template);
  const complete = list
    ? { ...template, extensions: [...extensions, extension(SCT_LIST, list)] }
    : template;
  const signer = { ...issuer, privateKey: request.forger ?? issuer.privateKey };
  return certifiedHolder(key, signCertificate(signer, buildTbs(issuer, complete)));
}

/** The content of the extension with signed certificate timestamps, if the certificate has one. */
async function sctsOf(
  sct: NonNullable<CertificateRequest['sct']>,
  stack: Stack,
  issuer: Authority,
  template: Template,
): Promise<Buffer | undefined> {
  if (Buffer.isBuffer(sct)) return sct;
  if (sct === 'none') return undefined;
  if (sct === 'logged') return sctList(await logPrecertificate(stack, issuer, template));
  return signedList(stack, issuer, template);
}

/** Fulcio signs with the first of its certificates. */
export function issuingAuthority({ organization, key, chain }: CertificateAuthority): Authority {
  const ders = chain.map((pem) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
  return {
    name: { organization, commonName: 'intermediate' },
    privateKey: key,
    publicKey: createPublicKey(key),
    chain: ders,
  };
}

export const uri = (value: string): Buffer => tagged(0x86, Buffer.from(value));
export const email = (value: string): Buffer => tagged(0x81, Buffer.from(value));

/** RFC 5280 section 4.2.1.6: critical, because the certificate has no subject. */
export function alternativeNames(...names: Buffer[]): Buffer {
  return extension('2.5.29.17', sequence(...names), 'critical');
}

/** Extension 8 of Fulcio's list. */
export function issuerExtension(issuer: string): Buffer {
  return extension(`${FULCIO}.8`, text(issuer));
}

/** Extension 1, whose value is not DER. */
export function oldIssuerExtension(issuer: string): Buffer {
  return extension(`${FULCIO}.1`, Buffer.from(issuer));
}

function signedList({ authorities }: Stack, issuer: Authority, template: Template): Buffer {
  return sctList(
    new CtLog(authorities.ctLog).timestamp(
      buildTbs(issuer, template),
      issuer.publicKey,
      new Date(),
    ),
  );
}

/** RFC 6962 section 4.2; the response contains the parts of a signed certificate timestamp. */
async function logPrecertificate(
  { endpoints }: Stack,
  issuer: Authority,
  template: Template,
): Promise<Buffer> {
  const precertificate = signCertificate(
    issuer,
    buildTbs(issuer, { ...template, extensions: [...template.extensions, POISON] }),
  );
  const chain = [precertificate, ...issuer.chain].map((der) => der.toString('base64'));
  const answer = (await postForJson(`${endpoints.ctLog}/ct/v1/add-pre-chain`, { chain })) as {
    id: string;
    timestamp: number;
    extensions: string;
    signature: string;
  };
  const [time, length] = [Buffer.alloc(8), Buffer.alloc(2)];
  time.writeBigUInt64BE(BigInt(answer.timestamp));
  const extensions = Buffer.from(answer.extensions, 'base64');
  length.writeUInt16BE(extensions.length);
  return Buffer.concat([
    Buffer.from([0]),
    Buffer.from(answer.id, 'base64'),
    time,
    length,
    extensions,
    Buffer.from(answer.signature, 'base64'),
  ]);
}
