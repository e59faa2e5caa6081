// Finds the signatures of BuildKit's provenance: the attestation manifests of an index, and the sources of the gate.
import type { AttestedPart, AttestedPartsOf } from '../attestation-chain.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { attestedSource } from '../sources/attested.ts';
import type { Source } from '../sources/source.ts';
import { readAttestations } from '../subjects/attestations.ts';

export interface Reading {
  readonly clientFor: (place: Pick<Subject, 'repository'>) => RegistryClient;
  readonly sources: NonEmpty<Source>;
  readonly signal: AbortSignal;
}

/** An index is read once for all of its platforms. */
export function attestedPartsBy({ clientFor, sources, signal }: Reading): AttestedPartsOf {
  const known = new Map<string, Promise<readonly AttestedPart[]>>();
  return (index) => {
    const name = formatSubject(index);
    const reading = known.get(name) ?? read(index);
    known.set(name, reading);
    return reading;
  };

  async function read(index: Subject): Promise<readonly AttestedPart[]> {
    const parts = await readAttestations(clientFor(index), index, signal);
    return parts.map(({ subject, attestations }) => ({
      subject,
      sources: attestations.flatMap((each) =>
        sources.map((source) => attestedSource(source, each)),
      ),
    }));
  }
}
