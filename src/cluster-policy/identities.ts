// The identities that are allowed to sign with a certificate: exact values or regular expressions, for issuer and subject.
import { exactly, type Matcher } from '../model/matcher.ts';
import type { Identity } from '../model/policy.ts';
import { parseIdentityPattern } from '../names/identity-pattern.ts';
import { isProblem } from '../text/parsed.ts';
import type { Fields } from './fields.ts';

export function readIdentities(keyless: Fields): readonly Identity[] {
  // Certificate transparency is configured by the trusted root.
  keyless.ignore('url', 'trustRootRef');
  keyless.isTrue('insecureIgnoreSCT');
  if (keyless.has('ca-cert'))
    keyless.refuse(
      'ca-cert',
      'is not supported',
      'set "trusted-root" to a trusted_root.json with this certificate authority',
    );
  return keyless.requiredList('identities').flatMap((identity) => {
    const issuer = readMatcher(identity, 'issuer');
    const subject = readMatcher(identity, 'subject');
    identity.refuseOthers();
    if (!issuer || !subject) return [];
    return [{ issuer, rules: [{ name: 'certificate-identity', matcher: subject }] as const }];
  });
}

function readMatcher(identity: Fields, what: 'issuer' | 'subject'): Matcher | undefined {
  const pattern = `${what}RegExp`;
  const exact = identity.text(what);
  const source = identity.text(pattern);
  if (exact !== undefined && source !== undefined)
    identity.refuse(pattern, `is beside "${what}"`, 'remove one of them');
  if (exact !== undefined) return exactly(exact);
  if (source === undefined) {
    if (!identity.has(what) && !identity.has(pattern))
      identity.refuse(
        what,
        `and "${pattern}" are missing, which would accept any ${what}`,
        `add "${what}" or "${pattern}"`,
      );
    return undefined;
  }
  const parsed = parseIdentityPattern(source, what === 'issuer' ? 'issuer' : 'identity');
  if (!isProblem(parsed)) return parsed.value;
  identity.refuse(pattern, `cannot be used: ${parsed.problem}`, parsed.remedy);
  return undefined;
}
