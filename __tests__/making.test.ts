// What is verified for an image is stored while others are signed, in one update.
import { describe, expect, test } from '@jest/globals';

import type { NonEmpty } from '../src/model/non-empty.ts';
import type { Subject } from '../src/model/subject.ts';
import { sign, type SignServices } from '../src/sign.ts';
import type { Store } from '../src/stores/store.ts';
import { pinnedSubjects } from '../src/subjects/pinned.ts';
import { isBundle, request, servicesWith, storeOf } from './sign-services.ts';

describe('several images', () => {
  const [image] = pinnedSubjects(request.images);
  const at = (digit: number): Subject => ({
    ...image,
    digest: `sha256:${String(digit).repeat(64)}`,
  });
  /** The digests of each call of the store, in their order. */
  const storing = async (
    groups: NonEmpty<NonEmpty<Subject>>,
    keep?: (services: SignServices, stored: Promise<unknown>) => SignServices['keep'],
  ): Promise<readonly (readonly string[])[]> => {
    const calls: (readonly string[])[] = [];
    const first = Promise.withResolvers<undefined>();
    const store: Store = {
      ...storeOf('registry'),
      prepare: () =>
        Promise.resolve({
          takes: isBundle,
          places: [],
          store(bundles) {
            calls.push(bundles.map(({ signed }) => signed.subjects[0].digest.slice(7, 9)));
            first.resolve(undefined);
            return Promise.resolve({ stored: [], failures: [] });
          },
        }),
    };
    const services = { ...servicesWith([store]), resolve: () => Promise.resolve(groups) };
    await sign(request, { ...services, ...(keep && { keep: keep(services, first.promise) }) });
    return calls;
  };

  test('are each stored in one update, while others are signed', async () => {
    const calls = await storing([[at(1)], [at(2)]], ({ keep }, stored) => async (signed) => {
      if (signed.subjects[0].digest === at(2).digest) await stored;
      return keep(signed);
    });
    expect(calls).toEqual([
      ['11', '11'],
      ['22', '22'],
    ]);
  });

  test('that share a manifest are stored in one update', async () => {
    const calls = await storing([[at(1), at(3)], [at(2)], [at(3)]]);
    expect(calls.map((call) => [...call].sort()).sort()).toEqual([
      ['11', '11', '33', '33'],
      ['22', '22'],
    ]);
  });
});
