// The attestations that a store lists, with every bundle read.
import type { AttestationStore, ListedAttestation } from '../../src/github/attestations.ts';
import { settle } from '../../src/errors.ts';
import type { Failure } from '../../src/model/verdict.ts';
import { digest } from './github-fixture.ts';

export interface Listing {
  readonly attestations: readonly { readonly position: number; readonly json: Buffer }[];
  readonly failures: readonly Failure[];
}

/** The list, and every bundle in it. */
export async function listAt(
  store: AttestationStore,
  of = 'acme/app',
  signal = new AbortController().signal,
): Promise<Listing> {
  const listed: ListedAttestation[] = [];
  const { failures } = await store.list(of, digest, signal, (each) => void listed.push(each));
  const read = await Promise.all(
    listed.map((each) =>
      settle([
        store
          .read(each, signal, () => undefined)
          .then((json) => ({ position: each.position, json })),
      ]),
    ),
  );
  return {
    attestations: read.flatMap(({ values }) => values),
    failures: [...failures, ...read.flatMap((each) => each.failures)],
  };
}

export const bundlesIn = ({ attestations }: Listing): readonly unknown[] =>
  attestations.map(({ json }) => JSON.parse(json.toString()) as unknown);
