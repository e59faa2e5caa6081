// Several sets of trusted roots as one, for policies with different roots.
import type { X509Certificate } from '@sigstore/core';
import { isNonEmpty, type NonEmpty } from '../../model/non-empty.ts';
import { Refusal } from '../refusal.ts';
import type { Issuers, Trust, TrustStore } from './trust.ts';

type Load = () => Promise<readonly Trust[]>;

/** Each root keeps the name of its set, so that the confirmation of one does not count for another. */
export function trustedTogether(stores: NonEmpty<TrustStore>): TrustStore {
  const [first, ...others] = stores;
  if (others.length === 0) return first;
  return {
    issuersOf: (certificate) => issuersIn(stores, certificate),
    all: loadAll(stores.map((store) => () => store.all())),
  };
}

/** A rejection by one set is not final, because another may know the certificate. */
async function issuersIn(
  stores: NonEmpty<TrustStore>,
  certificate: X509Certificate,
): Promise<Issuers> {
  const refusals: Refusal[] = [];
  const answers = stores.map((store) =>
    store.issuersOf(certificate).catch((error: unknown): Issuers => {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
      return { known: [] };
    }),
  );
  const issuers = await Promise.all(answers);
  const known = issuers.flatMap((each) => each.known);
  const loads = issuers.flatMap(({ other }) => other ?? []);
  const [refusal] = refusals;
  if (refusal && known.length === 0 && loads.length === 0) throw refusal;
  return isNonEmpty(loads) ? { known, other: loadAll(loads) } : { known };
}

function loadAll(loads: readonly Load[]): Load {
  return async () => (await Promise.all(loads.map((load) => load()))).flat();
}
