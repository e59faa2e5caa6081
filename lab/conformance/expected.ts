// The expected signer, as an authority of a policy and in the form that a verifier needs.
import { loadKeys } from '../../src/keys/load.ts';
import { isWitnessed } from '../../src/model/bundle.ts';
import { exactly } from '../../src/model/matcher.ts';
import { mapEach } from '../../src/model/non-empty.ts';
import type { Authority, KeyAuthority, Roots } from '../../src/model/policy.ts';
import type { Concluded } from '../../src/model/verdict.ts';
import type { Finding } from '../../src/model/rejection.ts';
import { opinionOf } from '../../src/policy/authority.ts';
import { byCertificates, byKeys, type Trusted } from '../../src/sigstore/verify/trusted.ts';
import type { ExpectedSigner } from './arguments.ts';
import { transport, trustFor } from './trust.ts';

export interface Expected {
  readonly authority: Authority;
  readonly trusted: Trusted;
}

/** Throws if a key or a trusted root cannot be used. */
export async function expectedOf(
  signer: ExpectedSigner,
  roots: Roots,
  witness: KeyAuthority['witness'] = 'required',
): Promise<Expected> {
  if (signer.kind === 'identity') {
    const rules = [{ name: 'certificate-identity', matcher: exactly(signer.identity) }] as const;
    const identities = [{ issuer: exactly(signer.issuer), rules }] as const;
    return {
      authority: { kind: 'keyless', identities, circumstances: [], roots },
      trusted: byCertificates(await trustFor(roots, 'with certificates')),
    };
  }
  const keys = await loadKeys([{ kind: 'file', path: signer.path }], transport);
  const holders = mapEach(keys, ({ fingerprint, from }) => ({ key: fingerprint, from }));
  return {
    authority: { kind: 'key', keys: holders, witness, roots },
    trusted: byKeys(keys, await trustFor(roots, 'with keys')),
  };
}

/** Why a bundle is not the expected one; undefined if it is. */
export function refusalIn(checked: Concluded, authority: Authority): string | undefined {
  if ('rejected' in checked) return inWords(checked.rejected.code, checked.rejected.finding);
  const { verified } = checked;
  const opinion = opinionOf(authority, verified);
  if ('acceptance' in opinion) return undefined;
  const code = isWitnessed(verified) ? 'CERTIFICATE_IDENTITY' : verified.unwitnessed.code;
  return inWords(code, opinion.findings[0]);
}

function inWords(code: string, { rule, expected, found }: Finding): string {
  return `${code}: ${rule}: expected ${expected}, found ${found}`;
}
