// Trusted roots: one for each Sigstore instance, with the thresholds of the instance.
import type { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial, type VerifierOptions } from '@sigstore/verify';
import { messageOf } from '../../errors.ts';
import { nameOfRoots, type Roots } from '../../model/policy.ts';
import { isRecord } from '../../text/json.ts';
import { AuthorityCertificate } from './authority-certificate.ts';
import { kindOfDocument } from '../document-kind.ts';

/** One instance: roots are never merged, because the weaker thresholds of one would then apply to certificates of another. */
export interface Trust {
  /** The name of the set of roots that contains it. */
  readonly roots: string;
  readonly material: TrustMaterial;
  readonly thresholds: Required<
    Pick<VerifierOptions, 'tlogThreshold' | 'ctlogThreshold' | 'timestampThreshold'>
  >;
}

/** The trusted instances. Its methods throw `service` errors if a root cannot be loaded. */
export interface TrustStore {
  issuersOf(certificate: X509Certificate): Promise<Issuers>;
  /** Instances whose logs and timestamp authorities can confirm a key signature. */
  all(): Promise<readonly Trust[]>;
}

/** The instances that may have issued a certificate; the signature decides which one did. */
export interface Issuers {
  readonly known: readonly Trust[];
  /** Loads another root that may know the issuer: anyone can write its name into a certificate, so it is loaded last. */
  readonly other?: () => Promise<readonly Trust[]>;
}

/** The purpose of a root: a configured key needs only logs and timestamp authorities. */
export type Signers = 'with certificates' | 'with keys';

const LISTS = ['certificateAuthorities', 'timestampAuthorities', 'tlogs', 'ctlogs'] as const;

/** Throws a RangeError that describes what is missing. */
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
  // A log or certificate transparency log in the root must have recorded the signature; a root without one requires none.
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

/** A value that is not a list would be read as an empty one, and a root without logs requires no log entry. */
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

/** Instances with an authority of the issuer's name. */
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
