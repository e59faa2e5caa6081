// The table of stores: one line for each name in `StoreName`.
import type { AttestationStore } from '../github/attestations.ts';
import type { StoreName } from '../model/bundle.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { OnManifest } from '../registry/read-subject.ts';
import { githubStore } from './github.ts';
import { legacyStore } from './legacy.ts';
import { registryStore } from './registry.ts';
import type { Store } from './store.ts';

export interface StoreServices {
  /** For the repository of the image. */
  readonly clientFor: (subject: Subject) => RegistryClient;
  /** For the repository with the signatures and attestations of the image. */
  readonly evidenceFor: (subject: Subject) => RegistryClient;
  /** What to do where a registry refuses what is about an image in another repository. */
  readonly ifImageMissing: string;
  /** Receives the manifest of each image that the user named. */
  readonly onManifest?: OnManifest;
  readonly attestations: AttestationStore | undefined;
  readonly repository: string;
  /** URL of the GitHub server. */
  readonly server: string;
}

export const STORES = {
  registry: (services) => registryStore(services),
  legacy: (services) => legacyStore(services),
  github: ({ attestations, repository, server }) => githubStore(attestations, repository, server),
} satisfies Readonly<Record<StoreName, (services: StoreServices) => Store>>;
