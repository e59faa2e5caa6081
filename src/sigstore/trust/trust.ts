// Trusted roots: one for each Sigstore instance, with the thresholds of the instance.
import type { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial, type VerifierOptions } from '@sigstore/verify';
import { messageOf } from '../../errors.ts';
import { nameOfRoots, type Roots } from '../../model/policy.ts';
import { isRecord } from '../../text/json.ts';
import { AuthorityCertificate } from './authority-certificate.ts';
import { kindOfDocument } from '../document-kind.ts';

/** One instance: roots are never merged, or the weaker one's thresholds would serve the stronger one's certificates. */
export interface Trust {
  /** The name of the roots that it is of. */
  readonly roots: string;
  readonly material: TrustMaterial;
  readonly thresholds: Required<
    Pick<VerifierOptions, 'tlogThreshold' | 'ctlogThreshold' | 'timestampThreshold'>
  >;
}

/** The trusted instances. Its methods throw `service` errors when a root cannot be had. */
export interface TrustStore {
  issuersOf(certificate: X509Certificate): Promise<Issuers>;
  /** Those whose logs and timestamp authorities may have witnessed the use of a key. */
  all(): Promise<readonly Trust[]>;
}

/** The instances that may have issued a certificate; which one did is for cryptography to say. */
export interface Issuers {
  readonly known: readonly Trust[];
  /** Loads another root that may know the issuer: anyone can write its name into a certificate, so it is loaded last. */
  readonly other?: () => Promise<readonly Trust[]>;
}

/** What a root is needed for: a configured key needs only logs and timestamp authorities. */
export type Signers = 'with certificates' | 'with keys';

const LISTS = ['certificateAuthorities', 'timestampAuthorities', 'tlogs', 'ctlogs'] as const;

/** Throws a RangeError that says what is missing. */
export function trustOf(
  json: unknown,
  roots: Roots,
  signers: Signers = 'with certificates',
): Trust {
  if (!isRecord(json) || !LISTS.some((name) => name in json))
    throw new RangeError(
      `it is ${kindOfDocument(json)}, not a trusted root with "certificateAuthorities"`,
    );
  assertLists(json);
  const root = undamaged(() => TrustedRoot.fromJSON(json));
  assertWindows(root);
  if (signers === 'with certificates' && root.certificateAuthorities.length === 0)
    throw new RangeError('it names no certificate authority');
  if (root.tlogs.length + root.timestampAuthorities.length === 0)
    throw new RangeError('it names neither a transparency log nor a timestamp authority');
  // A log or a certificate transparency log that the root names must have witnessed the signature; a root without one asks for none.
  return {
    roots: nameOfRoots(roots),
    material: withAuthorities(undamaged(() => toTrustMaterial(root))),
    thresholds: {
      tlogThreshold: Math.min(root.tlogs.length, 1),
      ctlogThreshold: Math.min(root.ctlogs.length, 1),
      timestampThreshold: 1,
    },
  };
}

/** What is not a list would be read as an empty one, and a root without logs asks for no log entry. */
function assertLists(json: Readonly<Record<string, unknown>>): void {
  for (const name of LISTS) {
    const list = json[name] ?? [];
    if (!Array.isArray(list) || !list.every(isRecord))
      throw new RangeError(`its "${name}" is not a list of objects`);
  }
}

function undamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RangeError(`it is malformed: ${messageOf(error)}`, { cause: error });
  }
}

function withAuthorities(material: TrustMaterial): TrustMaterial {
  const authority = (each: TrustMaterial['certificateAuthorities'][number]): typeof each => ({
    ...each,
    certChain: each.certChain.map(({ root }) => new AuthorityCertificate(root)),
  });
  return {
    ...material,
    certificateAuthorities: material.certificateAuthorities.map(authority),
    timestampAuthorities: material.timestampAuthorities.map(authority),
  };
}

/** Those with an authority of the name that issued the certificate. */
export function issuersAmong(
  trusts: readonly Trust[],
  certificate: X509Certificate,
): readonly Trust[] {
  return trusts.filter(({ material }) =>
    material.certificateAuthorities.some(({ certChain }) =>
      certChain.some(({ subject }) => subject.equals(certificate.issuer)),
    ),
  );
}

/** The engine reads a missing start as "since 1970": a key would then be trusted for times before it existed. */
function assertWindows({
  tlogs,
  ctlogs,
  certificateAuthorities,
  timestampAuthorities,
}: TrustedRoot): void {
  const logs = [...tlogs, ...ctlogs].map(({ baseUrl, publicKey }) => ({
    name: baseUrl,
    validFor: publicKey?.validFor,
  }));
  const authorities = [...certificateAuthorities, ...timestampAuthorities].map(
    ({ uri, validFor }) => ({ name: uri, validFor }),
  );
  const open = [...logs, ...authorities].find(({ validFor }) =>
    Number.isNaN(validFor?.start?.getTime() ?? Number.NaN),
  );
  if (open) throw new RangeError(`"${open.name}" has no valid date in validFor.start`);
}
