// The rules about a signer: each reads one fact of the certificate, and a missing fact never passes.
import type { SignerIdentity } from '../model/identity.ts';
import { formatMatcher, type Matcher, matches } from '../model/matcher.ts';
import type { IdentityRuleName, Requirements } from '../model/request.ts';
import type { Finding } from '../model/verdict.ts';

type Fact = (signer: SignerIdentity) => string | undefined;

/** Where each rule reads: Fulcio's extensions, never the predicate, which the job itself wrote. */
const FACTS: Readonly<Record<IdentityRuleName | 'issuer', Fact>> = {
  issuer: ({ issuer }) => issuer,
  repository: ({ claims }) => claims.sourceRepositoryUri,
  owner: ({ claims }) => claims.sourceRepositoryOwnerUri,
  'signer-workflow': ({ san }) => san,
  'certificate-identity': ({ san }) => san,
};

/** What does not hold for this signer; empty when everything does. */
export function findingsFor(signer: SignerIdentity, { issuer, identity }: Requirements): readonly Finding[] {
  const rules: readonly { readonly name: IdentityRuleName | 'issuer'; readonly matcher: Matcher }[] = [{ name: 'issuer', matcher: issuer }, ...identity];
  return rules.flatMap(({ name, matcher }) => {
    const fact = FACTS[name](signer);
    if (fact !== undefined && matches(matcher, fact)) return [];
    return [{ rule: name, expected: formatMatcher(matcher), found: fact ?? 'nothing in the certificate' }];
  });
}
