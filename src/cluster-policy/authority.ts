// One authority of a policy: a key, identities of certificates, or a decision without evidence.
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type {
  Alternative,
  Authority,
  Condition,
  KeyLocation,
  Requirement,
  Roots,
} from '../model/policy.ts';
import { SIGNATURE_TYPES } from '../model/types.ts';
import type { Fields } from './fields.ts';
import { readIdentities } from './identities.ts';
import { predicateTypesOf, TYPE_NAMES } from './predicate-types.ts';
import { readSource } from './source.ts';
import type { Surroundings } from './surroundings.ts';
import { readRoots, readTimes } from './trust.ts';

type Written = Alternative<KeyLocation>;

/** Undefined, with its problems noted, for one that cannot be used. */
export function readAuthority(
  authority: Fields,
  index: number,
  surroundings: Surroundings,
): Written | undefined {
  const name = authority.text('name') ?? `authority-${index}`;
  const kinds = ['key', 'keyless', 'static'].filter((kind) => authority.has(kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    authority.refuse(
      kind ?? 'key',
      kind === undefined
        ? 'is missing, as are "keyless" and "static"'
        : `is beside ${kinds.slice(1).join(' and ')}`,
      'write exactly one of key, keyless and static in each authority',
    );
    return undefined;
  }
  const read =
    kind === 'static' ? readStatic(authority, name) : readEvidence(authority, name, surroundings);
  authority.refuseOthers();
  return read;
}

function readStatic(authority: Fields, name: string): Written | undefined {
  const decision = authority.fields('static');
  if (!decision) return undefined;
  for (const other of ['attestations', 'source', 'ctlog', 'rfc3161timestamp', 'signatureFormat'])
    if (authority.has(other))
      authority.refuse(other, 'has no meaning beside "static"', 'remove it');
  const action = decision.requiredText('action');
  const message = decision.text('message') ?? '';
  decision.refuseOthers();
  if (action === 'pass' || action === 'fail') return { kind: 'static', name, action, message };
  if (action !== undefined)
    decision.refuse('action', `"${action}" is neither pass nor fail`, 'write pass or fail');
  return undefined;
}

function readEvidence(
  authority: Fields,
  name: string,
  surroundings: Surroundings,
): Written | undefined {
  const roots = readRoots(authority, surroundings);
  const who = authority.has('key')
    ? readKey(authority, roots, surroundings)
    : readKeyless(authority, roots);
  readSource(authority, surroundings);
  const conditions = readFormat(authority);
  const requirements = readRequirements(authority, conditions, who);
  return isNonEmpty(requirements) ? { kind: 'evidence', name, requirements } : undefined;
}

function readKey(
  authority: Fields,
  roots: Roots,
  { origin }: Surroundings,
): Authority<KeyLocation> | undefined {
  const key = authority.fields('key');
  const times = readTimes(authority);
  if (!key) return undefined;
  for (const [field, what] of [
    ['secretRef', 'names a Secret of the cluster, which this step cannot read'],
    ['kms', 'names a key service, which this step cannot ask'],
  ] as const)
    if (key.has(field)) key.refuse(field, what, 'write the public key itself as "data"');
  const algorithm = key.text('hashAlgorithm') ?? 'sha256';
  if (algorithm !== 'sha256')
    key.refuse('hashAlgorithm', `"${algorithm}" is not supported`, 'remove it: the key decides');
  const text = key.has('secretRef') || key.has('kms') ? key.text('data') : key.requiredText('data');
  key.refuseOthers();
  if (text === undefined) return undefined;
  const keys = [{ kind: 'pem', text, from: `${origin}:${key.line}` }] as const;
  return { kind: 'key', keys, witness: times === 'none' ? 'insecure-ignored' : 'required', roots };
}

function readKeyless(authority: Fields, roots: Roots): Authority<KeyLocation> | undefined {
  if (readTimes(authority) === 'none')
    authority.refuse(
      'ctlog',
      'without a log leaves the time of signing unknown, which a certificate needs',
      'remove "ctlog", or add "rfc3161timestamp"',
    );
  const keyless = authority.fields('keyless');
  if (!keyless) return undefined;
  const identities = readIdentities(keyless);
  keyless.refuseOthers();
  return isNonEmpty(identities)
    ? { kind: 'keyless', identities, circumstances: [], roots }
    : undefined;
}

/** Without a format, policy-controller reads what cosign v2 wrote. */
function readFormat(authority: Fields): readonly Condition[] {
  const format = authority.text('signatureFormat') ?? 'legacy';
  if (format === 'bundle' && authority.has('key'))
    authority.refuse(
      'signatureFormat',
      '"bundle" needs "keyless": policy-controller cannot verify bundles with a key',
      'remove it, and sign with a tool that writes the format of cosign v2',
    );
  if (format === 'legacy' || format === 'bundle') return [{ kind: 'format', format }];
  authority.refuse('signatureFormat', `"${format}" is unknown`, 'write legacy or bundle');
  return [];
}

/** All attestations, or the signature if there are none. */
function readRequirements(
  authority: Fields,
  conditions: readonly Condition[],
  who: Authority<KeyLocation> | undefined,
): readonly Requirement<KeyLocation>[] {
  const attestations = authority.list('attestations').map(readAttestation);
  if (!who) return [];
  const anyOf: NonEmpty<Authority<KeyLocation>> = [who];
  if (!isNonEmpty(attestations))
    return [{ name: 'signature', predicateTypes: SIGNATURE_TYPES, conditions, anyOf }];
  return mapEach(attestations, (type) => ({ ...type, conditions, anyOf }));
}

function readAttestation(attestation: Fields): Pick<Requirement, 'name' | 'predicateTypes'> {
  attestation.requiredText('name');
  const written = attestation.requiredText('predicateType') ?? '';
  if (attestation.has('policy'))
    attestation.refuse(
      'policy',
      'is a CUE or Rego policy, which this action does not evaluate',
      'keep the policy in a ClusterImagePolicy of its own, which only the cluster reads',
    );
  const predicateTypes = predicateTypesOf(written);
  if (!predicateTypes && written !== '')
    attestation.refuse('predicateType', `"${written}" is unknown`, `write a URI, or ${TYPE_NAMES}`);
  attestation.refuseOthers();
  return { name: written, predicateTypes: predicateTypes ?? [''] };
}
