// The combined referrers of both sources, for tests of each source.
import type { Digest } from '../../src/model/digest.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import type { Referrer } from '../../src/registry/referrer.ts';
import { type Collector, listEachPlace, type Referrers } from '../../src/registry/referrers.ts';

/** A referrer in both sources is listed once, with the description of the first list that ended. */
export async function listReferrers(client: RegistryClient, digest: Digest): Promise<Referrers> {
  const referrers = new Map<Digest, Referrer>();
  const collect = (): Collector => {
    const taken: Referrer[] = [];
    return {
      take: (each) => void taken.push(each),
      end() {
        for (const each of taken)
          referrers.set(each.digest, { ...each, ...referrers.get(each.digest) });
      },
    };
  };
  const places = await Promise.all(listEachPlace(client, digest, undefined, collect));
  return {
    referrers: [...referrers.values()],
    looked: places.flatMap(({ looked }) => looked),
    failures: places.flatMap(({ failures }) => failures),
  };
}
