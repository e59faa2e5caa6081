// The rules about a signer: each reads one fact of the certificate, and a missing fact never passes.
import { isKeyHolder, type Signer, type SignerIdentity } from '../model/identity.ts';
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
export function findingsFor(
  signer: Signer,
  { signer: required }: Pick<Requirements, 'signer'>,
): readonly Finding[] {
  if (required.kind === 'key')
    return isKeyHolder(signer)
      ? []
      : [{ rule: 'key', expected: 'signed with the key', found: signer.san }];
  if (isKeyHolder(signer))
    return [
      {
        rule: 'certificate',
        expected: 'signed with a certificate',
        found: `signed with the key ${signer.key}`,
      },
    ];
  const { issuer, identity } = required;
  const rules: readonly {
    readonly name: IdentityRuleName | 'issuer';
    readonly matcher: Matcher;
  }[] = [{ name: 'issuer', matcher: issuer }, ...identity];
  return rules.flatMap(({ name, matcher }) => {
    const fact = FACTS[name](signer);
    if (fact !== undefined && matches(matcher, fact)) return [];
    return [
      { rule: name, expected: formatMatcher(matcher), found: fact ?? 'nothing in the certificate' },
    ];
  });
}
