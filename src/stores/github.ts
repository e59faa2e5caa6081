// Records attestations in GitHub's own store, which `gh attestation verify` reads first.
import { ActionError, settle } from '../errors.ts';
import type { AttestationStore, Recorded } from '../github/attestations.ts';
import type { StoredBundle } from '../model/bundle.ts';
import { namedIn } from '../model/subject.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import type { Store } from './store.ts';

export function githubStore(
  attestations: AttestationStore | undefined,
  repository: string,
  server: string,
): Store {
  // A signature contains no claim that GitHub could show, so it is stored with the image.
  const takes: Store['takes'] = (predicateType, format) =>
    format === 'bundle' && predicateType !== SIGNATURE_TYPE;
  return {
    name: 'github',
    takes,
    prepare(subjects, claims) {
      if (!attestations) return Promise.reject(noToken());
      const images = new Set(namedIn(subjects).map(({ digest }) => digest)).size;
      const of = images * claims.filter(({ kind }) => kind !== 'signature').length;
      let done = 0;
      return Promise.resolve({
        takes,
        places: [`attestations of ${repository}`],
        async store(bundles, onPlaced = () => undefined) {
          const { values, failures } = await settle(
            bundles.map(async ({ signed }): Promise<StoredBundle> => {
              const { id, subjects, json, foundAt } = signed;
              // The store identifies images only by digest, so one record is for every repository with this one.
              const recorded = await attestations.record(
                repository,
                subjects[0].digest,
                json,
                foundAt === undefined ? 'this step' : 'earlier run',
              );
              onPlaced(++done, of);
              return { id, store: 'github', subjects, ...placeOf(recorded, repository, server) };
            }),
          );
          return { stored: values, failures };
        },
      });
    },
  };
}

/** The page of the record; if its id is unknown, the page that lists those of the repository. */
function placeOf(
  { id, copies }: Recorded,
  repository: string,
  server: string,
): Pick<StoredBundle, 'place' | 'attestation'> {
  const page = `${server}/${repository}/attestations`;
  const listed = copies > 1 ? ` (listed ${copies} times)` : '';
  if (id === undefined) {
    return {
      place: `attestations of ${repository}, id unknown${listed}`,
      attestation: { url: page },
    };
  }
  return {
    place: `attestation ${id} of ${repository}${listed}`,
    attestation: { id, url: `${page}/${id}` },
  };
}

function noToken(): ActionError {
  return new ActionError('input', 'INPUT_MISSING', {
    message: 'Cannot record an attestation: "github-token" is empty',
    remedy: 'remove "github-token" from the step; it defaults to ${{ github.token }}',
  });
}
