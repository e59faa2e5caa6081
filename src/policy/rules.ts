// The rules about a signer: each compares one fact of the certificate, and a missing fact never passes.
import type { SignerIdentity } from '../model/identity.ts';
import { formatMatcher, type Matcher, matches } from '../model/matcher.ts';
import type {
  CircumstanceName,
  Identity,
  IdentityRuleName,
  KeylessAuthority,
} from '../model/policy.ts';
import { type Finding, NOT_STATED } from '../model/rejection.ts';

type RuleName = IdentityRuleName | CircumstanceName | 'issuer';
type Fact = (signer: SignerIdentity) => string | undefined;

interface Rule {
  readonly name: RuleName;
  readonly matcher: Matcher;
}

/** The source of each rule: Fulcio's extensions, never the predicate, which the job itself wrote. */
const FACTS: Readonly<Record<RuleName, Fact>> = {
  issuer: ({ issuer }) => issuer,
  repository: ({ claims }) => claims.sourceRepositoryUri,
  'repository-id': ({ claims }) => claims.sourceRepositoryIdentifier,
  owner: ({ claims }) => claims.sourceRepositoryOwnerUri,
  'owner-id': ({ claims }) => claims.sourceRepositoryOwnerIdentifier,
  'signer-workflow': ({ san }) => san,
  'certificate-identity': ({ san }) => san,
  'source-ref': ({ claims }) => claims.sourceRepositoryRef,
  'source-digest': ({ claims }) => claims.sourceRepositoryDigest,
  'signer-digest': ({ claims }) => claims.buildSignerDigest,
  event: ({ claims }) => claims.buildTrigger,
  environment: ({ claims }) => claims.deploymentEnvironment,
  'deny-self-hosted-runners': ({ claims }) => claims.runnerEnvironment,
};

/** The failed rules of the closest identity and the failed circumstances; empty if everything matches. */
export function findingsFor(
  signer: SignerIdentity,
  { identities, circumstances }: Pick<KeylessAuthority, 'identities' | 'circumstances'>,
): readonly Finding[] {
  const ofIdentity = identities
    .map((identity) => broken(rulesOf(identity), signer))
    .reduce((nearest, each) => (each.length < nearest.length ? each : nearest));
  return [...ofIdentity, ...broken(circumstances, signer)];
}

function rulesOf({ issuer, rules }: Identity): readonly Rule[] {
  return [{ name: 'issuer', matcher: issuer }, ...rules];
}

function broken(rules: readonly Rule[], signer: SignerIdentity): readonly Finding[] {
  return rules.flatMap(({ name, matcher }) => {
    const fact = FACTS[name](signer);
    if (fact !== undefined && matches(matcher, fact)) return [];
    return [{ rule: name, expected: formatMatcher(matcher), found: fact ?? NOT_STATED }];
  });
}
