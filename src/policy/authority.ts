// Whether an authority accepts a verified bundle, or the findings that prevent it.
import { isWitnessed, type VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type KeyHolder, type SignerIdentity } from '../model/identity.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import {
  type Authority,
  type KeyAuthority,
  type KeylessAuthority,
  nameOfRoots,
  type Roots,
} from '../model/policy.ts';
import type { Acceptance } from '../model/verdict.ts';
import type { Finding } from '../model/rejection.ts';
import { findingsFor } from './rules.ts';

export type Opinion =
  | { readonly acceptance: Acceptance }
  | { readonly authority: Authority; readonly findings: NonEmpty<Finding> };

export function opinionOf(authority: Authority, bundle: VerifiedBundle): Opinion {
  return authority.kind === 'keyless'
    ? opinionOfIssuer(authority, bundle)
    : opinionOfKey(authority, bundle);
}

/** Whether it requires this kind of signer at all: findings for another kind explain nothing. */
export function isForKindOf(authority: Authority, { signer }: VerifiedBundle): boolean {
  return (authority.kind === 'key') === isKeyHolder(signer);
}

function opinionOfIssuer(authority: KeylessAuthority, bundle: VerifiedBundle): Opinion {
  if (!isWitnessed(bundle)) return { authority, findings: [noCertificate(bundle.signer)] };
  const { signer, roots } = bundle;
  if (isKeyHolder(signer)) return { authority, findings: [noCertificate(signer)] };
  const findings = [...findingsOnRoots(authority.roots, roots), ...findingsFor(signer, authority)];
  return isNonEmpty(findings) ? { authority, findings } : { acceptance: { authority, bundle } };
}

function opinionOfKey(authority: KeyAuthority, bundle: VerifiedBundle): Opinion {
  const { signer } = bundle;
  if (!isKeyHolder(signer)) return { authority, findings: [noKey(signer)] };
  if (!authority.keys.some(({ key }) => key === signer.key))
    return { authority, findings: [anotherKey(authority, signer.key)] };
  if (authority.witness === 'insecure-ignored') return { acceptance: { authority, bundle } };
  if (!isWitnessed(bundle)) return { authority, findings: [bundle.unwitnessed.finding] };
  const findings = findingsOnRoots(authority.roots, bundle.roots);
  return isNonEmpty(findings) ? { authority, findings } : { acceptance: { authority, bundle } };
}

/** A confirmation by one instance is no evidence for an authority that trusts another. */
function findingsOnRoots(required: Roots, found: NonEmpty<string>): readonly Finding[] {
  const expected = nameOfRoots(required);
  if (found.includes(expected)) return [];
  return [{ rule: 'trusted-root', expected, found: found.join(' and ') }];
}

function noCertificate({ key }: KeyHolder): Finding {
  const found = `signed with the key ${key}`;
  return { rule: 'certificate', expected: 'a signature made with a certificate', found };
}

function noKey({ san }: SignerIdentity): Finding {
  return { rule: 'key', expected: 'a signature made with the key', found: san };
}

function anotherKey({ keys }: KeyAuthority, found: string): Finding {
  return { rule: 'key', expected: keys.map(({ key }) => key).join(' or '), found };
}
