// Records attestations in GitHub's own store, where `gh attestation verify` looks first.
import { ActionError, settle } from '../errors.ts';
import type { AttestationStore } from '../github/attestations.ts';
import type { StoredBundle } from '../model/bundle.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import type { Store } from './store.ts';

export function githubStore(
  attestations: AttestationStore | undefined,
  repository: string,
  server: string,
): Store {
  return {
    name: 'github',
    prepare() {
      if (!attestations) return Promise.reject(noToken());
      return Promise.resolve({
        // A signature claims nothing that GitHub could show; it belongs beside the image.
        takes: (predicateType) => predicateType !== SIGNATURE_TYPE,
        async store(bundles) {
          const { values, failures } = await settle(
            bundles.map(async ({ subjects, predicateType, json }): Promise<StoredBundle> => {
              const id = await attestations.create(repository, json);
              const url = `${server}/${repository}/attestations/${id}`;
              return {
                store: 'github',
                subject: subjects[0],
                predicateType,
                place: `attestation ${id} of ${repository}`,
                attestation: { id, url },
              };
            }),
          );
          return { stored: values, failures };
        },
      });
    },
  };
}

function noToken(): ActionError {
  return new ActionError('input', 'INPUT_MISSING', {
    message: 'Cannot record an attestation: "github-token" is empty',
    remedy: 'remove "github-token" from the step, its default is ${{ github.token }}',
  });
}
