// The table of sources: one line for each name in `SourceName`.
import type { AttestationStore } from '../github/attestations.ts';
import type { FoundBundle, SourceName } from '../model/found.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { fileSource } from './files.ts';
import { githubSource } from './github.ts';
import { legacySource } from './legacy.ts';
import { registrySource } from './registry.ts';
import type { Memory } from './reading.ts';
import type { Source } from './source.ts';

export interface SourceServices {
  /** For the repository with the signatures and attestations of the image. */
  readonly evidenceFor: (subject: Subject) => RegistryClient;
  /** In the user's files. */
  readonly bundles: readonly FoundBundle[];
  readonly attestations: AttestationStore | undefined;
  readonly attestationsOf: NonEmpty<string>;
  /** For all images of the step together. */
  readonly memory: Memory;
}

export const SOURCES = {
  registry: ({ evidenceFor, memory }) => registrySource(evidenceFor, memory),
  legacy: ({ evidenceFor, memory }) => legacySource(evidenceFor, memory),
  github: ({ attestations, attestationsOf, memory }) =>
    githubSource(attestations, attestationsOf, memory),
  file: ({ bundles }) => fileSource(bundles),
} satisfies Readonly<Record<SourceName, (services: SourceServices) => Source>>;
