// Provenance held against the certificate that signs it: a job writes the one, and GitHub the other.
import type { VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type SignerIdentity } from '../model/identity.ts';
import type { RunFact, RunFactName } from '../model/provenance.ts';
import type { Finding } from '../model/verdict.ts';

type Fact = (signer: SignerIdentity) => string | undefined;

/** The extension that states the same; a signer that is no workflow, such as a person, says nothing about builders. */
const FACTS: Readonly<Record<RunFactName, Fact>> = {
  builder: ({ san, workflow, claims }) => claims.buildSignerUri ?? (workflow && san),
  repository: ({ claims }) => claims.sourceRepositoryUri,
  ref: ({ claims }) => claims.sourceRepositoryRef,
  commit: ({ claims }) => claims.sourceRepositoryDigest,
  workflow: ({ claims }) => claims.buildConfigUri,
  run: ({ claims }) => claims.runInvocationUri,
  event: ({ claims }) => claims.buildTrigger,
  runner: ({ claims }) => claims.runnerEnvironment,
  'repository-id': ({ claims }) => claims.sourceRepositoryIdentifier,
  'owner-id': ({ claims }) => claims.sourceRepositoryOwnerIdentifier,
};

/** What follows in a certificate where provenance leaves it out. */
const LEFT_OUT: Readonly<Partial<Record<RunFactName, string>>> = {
  workflow: '@',
  run: '/attempts/',
};

/** One for each fact on which both speak and differ. */
export function contradictionsIn({ signer, statement }: VerifiedBundle): readonly Finding[] {
  if (isKeyHolder(signer)) return [];
  return (statement.provenance?.run ?? []).flatMap((fact) => {
    const certified = FACTS[fact.name](signer);
    if (certified === undefined || agrees(fact, certified)) return [];
    return [{ rule: `provenance-${fact.name}`, expected: certified, found: fact.value }];
  });
}

function agrees({ name, value }: RunFact, certified: string): boolean {
  if (value === certified) return true;
  const rest = LEFT_OUT[name];
  return rest !== undefined && certified.startsWith(`${value}${rest}`);
}
