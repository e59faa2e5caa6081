// Compares provenance with the certificate that signs it: the job writes one, and GitHub the other.
import type { VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type SignerIdentity } from '../model/identity.ts';
import type { RunFact, RunFactName } from '../model/provenance.ts';
import type { Finding } from '../model/rejection.ts';

type Fact = (signer: SignerIdentity) => string | undefined;

/** The extension with the same fact; a certificate of a signer that is not a workflow, such as a person, contains no builder. */
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

/** The default in a certificate if provenance omits the fact. */
const LEFT_OUT: Readonly<Partial<Record<RunFactName, string>>> = {
  workflow: '@',
  run: '/attempts/',
};

/** One for each fact that both contain with different values. */
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
