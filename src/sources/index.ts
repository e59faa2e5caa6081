// The table of sources: one line for each name in `SourceName`.
import type { AttestationStore } from '../github/attestations.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import type { SourceName } from '../model/request.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { githubSource } from './github.ts';
import { legacySource } from './legacy.ts';
import { registrySource } from './registry.ts';
import type { Memory } from './reading.ts';
import type { Source } from './source.ts';

export interface SourceServices {
  readonly clientFor: (subject: Subject) => RegistryClient;
  readonly attestations: AttestationStore | undefined;
  readonly attestationsOf: NonEmpty<string>;
  /** Of all images of the step together. */
  readonly memory: Memory;
}

export const SOURCES = {
  registry: ({ clientFor, memory }) => registrySource(clientFor, memory),
  legacy: ({ clientFor, memory }) => legacySource(clientFor, memory),
  github: ({ attestations, attestationsOf, memory }) =>
    githubSource(attestations, attestationsOf, memory),
} satisfies Readonly<Record<SourceName, (services: SourceServices) => Source>>;
