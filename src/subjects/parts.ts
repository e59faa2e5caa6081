// The parts of an image that are run on their own: the manifests of its index, without the attestations of BuildKit.
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readImageTree } from './image-tree.ts';
import type { Role } from './index-entries.ts';

export interface ImagePart {
  readonly subject: Subject;
  /** `linux/arm64/v8`. */
  readonly name: string;
}

/** Empty for an image that has no index. Throws `ActionError`s. */
export type PartsOf = (image: Subject) => Promise<readonly ImagePart[]>;

export function partsBy(
  clientFor: (place: Pick<Subject, 'repository'>) => RegistryClient,
): PartsOf {
  return async ({ repository, digest: root }) => {
    const [, ...listed] = await readImageTree(clientFor({ repository }), root, 'read');
    return listed
      .filter(({ role }) => role.kind !== 'attestation')
      .map(({ digest, mediaType, size, role }) => ({
        subject: { repository, digest, listedAs: { digest, mediaType, size } },
        name: nameOf(role),
      }));
  };
}

function nameOf(role: Role): string {
  if (role.kind !== 'platform' || !role.platform) return role.kind;
  const { os, architecture, variant } = role.platform;
  return [os, architecture, variant].filter((part) => part !== undefined).join('/');
}
