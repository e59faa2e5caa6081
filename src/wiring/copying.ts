// Gives the gate what copies the evidence of its images to other repositories.
import type { CopyServices } from '../copying.ts';
import { ActionError } from '../errors.ts';
import type { EvidenceBytes } from '../evidence-bytes.ts';
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { Repository } from '../model/reference.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import { readManifest } from '../registry/content.ts';
import { legacyStore } from '../stores/legacy.ts';
import { registryStore } from '../stores/registry.ts';
import { countedStore } from './counted-store.ts';
import type { SharedServices } from './shared.ts';

export function copyServices(
  targets: NonEmpty<Repository>,
  bytes: EvidenceBytes,
  clientFor: SharedServices['copyingFor'],
): CopyServices {
  const known = new Map<string, Promise<Subject>>();
  return {
    targets: mapEach(targets, (repository) => {
      const clients = {
        clientFor,
        evidenceFor: () => clientFor({ repository }),
        ifImageMissing:
          'the registry may not accept signatures of an image that it does not have: copy the image there first, then run this step again',
      };
      return {
        repository,
        stores: mapEach([registryStore(clients), legacyStore(clients)], countedStore),
      };
    }),
    bytesOf: (bundle) => bytes.of(bundle),
    describe(image) {
      const name = formatSubject(image);
      const described = known.get(name) ?? describe(image);
      known.set(name, described);
      return described;
    },
  };

  async function describe(image: Subject): Promise<Subject> {
    if (image.listedAs) return image;
    const manifest = await readManifest(clientFor(image), image.digest);
    if (manifest) {
      const { mediaType, digest, size } = manifest;
      return { ...image, readAs: { mediaType, digest, size } };
    }
    throw new ActionError('input', 'SUBJECT_MISSING', {
      message: `Cannot copy the evidence of "${formatSubject(image)}": the registry has no such manifest`,
      remedy: 'check the name, and that the image was pushed to this registry',
    });
  }
}
