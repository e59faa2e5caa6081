// Strictly parses the signer from a Fulcio certificate: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
import { ASN1Obj, type X509Certificate } from '@sigstore/core';
import { CLAIM_EXTENSIONS, type ClaimName, type SignerIdentity } from '../model/identity.ts';
import type { Parsed } from '../text/parsed.ts';
import { LeafCertificate } from './leaf-certificate.ts';
import { Refusal } from './refusal.ts';
import { parseWorkflow } from '../model/workflow.ts';

const FULCIO = '1.3.6.1.4.1.57264.1';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const UTF8_STRING = 0x0c;
const SAN_EMAIL = 1;
const SAN_URI = 6;

export type ReadCertificate = (der: Uint8Array) => LeafCertificate;

export function parseCertificate(der: Uint8Array): LeafCertificate {
  const certificate = readable(() => new LeafCertificate(der));
  // Its parts are parsed on first use, and the issuer is used first.
  readable(() => certificate.issuer);
  return certificate;
}

/** Bundles of one step have one certificate, and come one after the other. */
export function certificateReader(): ReadCertificate {
  let last: LeafCertificate | undefined;
  return (der) => (last = last?.isReadFrom(der) ? last : parseCertificate(der));
}

function readable<Part>(read: () => Part): Part {
  try {
    return read();
  } catch {
    throw new Refusal('BUNDLE_MALFORMED', 'certificate', 'an X.509 certificate', 'other bytes');
  }
}

/** RFC 5280 section 4.2.1.12: whether the certificate may sign code. */
export function isForCodeSigning(certificate: X509Certificate): boolean {
  const usages = certificate.extension(EXTENDED_KEY_USAGE)?.valueObj.subs[0]?.subs ?? [];
  return usages.some((usage) => usage.tag.isOID() && usage.toOID() === CODE_SIGNING);
}

export function identityOf(certificate: X509Certificate): Parsed<SignerIdentity> {
  // Each look for an extension reads the OIDs of all before it, so they are read once.
  const oids = certificate.extensions.map((extension) => extension.subs[0]?.toOID() ?? '');
  const valueOf = (number: number): Buffer | undefined =>
    certificate.extensions[oids.indexOf(`${FULCIO}.${number}`)]?.subs.at(-1)?.value;
  const twice = oids.find((oid, index) => oids.indexOf(oid) !== index);
  if (twice !== undefined) return malformed(`extension ${twice} occurs twice`);

  const san = sanOf(certificate);
  if (!san)
    return malformed('there is not exactly one URI or e-mail address as subject alternative name');

  const issuer = textIn(valueOf(8));
  if (issuer === undefined && valueOf(8)) return malformed('the issuer is not a DER UTF8String');
  const deprecated = valueOf(1)?.toString('utf8');
  if (issuer !== undefined && deprecated !== undefined && issuer !== deprecated)
    return malformed('the two issuer extensions differ');
  if (!(issuer ?? deprecated)) return malformed('there is no issuer');

  const claims = Object.entries(CLAIM_EXTENSIONS).flatMap(([name, number]) => {
    const value = textIn(valueOf(number));
    return value === undefined ? [] : [[name, value] as const];
  });
  const workflow = parseWorkflow(san);
  return {
    value: {
      san,
      ...(workflow ? { workflow } : {}),
      issuer: issuer ?? deprecated ?? '',
      claims: Object.fromEntries(claims),
    },
  };
}

/** One claim of an unverified certificate. */
export function claimOf(certificate: X509Certificate, name: ClaimName): string | undefined {
  return textIn(certificate.extension(`${FULCIO}.${CLAIM_EXTENSIONS[name]}`)?.value);
}

/** Fulcio writes exactly one name; with a second one, a verifier and a reader could see different signers. */
function sanOf(certificate: X509Certificate): string | undefined {
  const names = certificate.extSubjectAltName?.valueObj.subs[0]?.subs ?? [];
  const [name] = names;
  if (names.length !== 1 || !name) return undefined;
  const isText = name.tag.isContextSpecific(SAN_URI) || name.tag.isContextSpecific(SAN_EMAIL);
  return isText ? name.value.toString('utf8') : undefined;
}

/** A DER UTF8String, the encoding of the extensions from .8 on; anything else counts as absent. */
function textIn(value: Buffer | undefined): string | undefined {
  if (!value) return undefined;
  try {
    const text = ASN1Obj.parseBuffer(Buffer.from(value));
    return text.tag.isUniversal() && text.tag.number === UTF8_STRING
      ? text.value.toString('utf8')
      : undefined;
  } catch {
    return undefined;
  }
}

function malformed(problem: string): Parsed<never> {
  return { problem, remedy: 'sign again with a certificate from Fulcio' };
}
