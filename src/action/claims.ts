// What a signing step claims about its images: the signature, and attestations in addition to it.
import type { Claim } from '../model/claim.ts';
import type { StoreName } from '../model/bundle.ts';
import { parseAnnotations } from './annotations.ts';
import { readAttestations } from './attestations.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import { isTrue, type Problems } from './problems.ts';

/** The signature first; empty, with the problem noted, if nothing is left to sign. Reads the files that `attestations` names. */
export async function readClaims(
  inputs: RawInputs,
  stores: readonly StoreName[],
  { workspace }: Environment,
  problems: Problems,
): Promise<readonly Claim[]> {
  const signature = parseSignature(inputs, stores, problems);
  const attestations = await attestationsOf(inputs, stores, workspace, problems);
  const claims = [...signature, ...attestations];
  if (claims.length === 0 && inputs.signature === 'false')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "signature: false": nothing is left to sign, because "attestations" is empty',
      'set "attestations: provenance", or remove "signature"',
    );
  return claims;
}

function parseSignature(
  inputs: RawInputs,
  stores: readonly StoreName[],
  problems: Problems,
): readonly Claim[] {
  const annotations = parseAnnotations(inputs.annotations, problems);
  if (isSigned(inputs, stores, problems)) return [{ kind: 'signature', annotations }];
  if (inputs.annotations !== '')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "annotations": they are part of the signature, and this step creates none',
      'add "registry" to "stores" and remove "signature: false", or remove "annotations"',
    );
  return [];
}

/** A signature is stored in a registry only: GitHub's store is for attestations. */
function isSigned(inputs: RawInputs, stores: readonly StoreName[], problems: Problems): boolean {
  const isInRegistry = stores.includes('registry');
  if (inputs.signature === '') return isInRegistry;
  const isWanted = isTrue('signature', inputs, problems);
  if (!isWanted || isInRegistry) return isWanted;
  // If no store is known, that is the problem to report.
  if (stores.length > 0)
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "signature": "stores" does not include "registry", the only place for a signature',
      'add "registry" to "stores", or remove "signature"',
    );
  return false;
}

/** GitHub's store is for attestations, so naming it requests one. */
async function attestationsOf(
  { attestations }: RawInputs,
  stores: readonly StoreName[],
  workspace: string,
  problems: Problems,
): Promise<readonly Claim[]> {
  if (attestations !== '') return readAttestations(attestations, workspace, problems);
  return stores.includes('github') ? [{ kind: 'provenance' }] : [];
}
