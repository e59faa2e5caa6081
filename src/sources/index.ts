// The table of sources: one line for each name in `SourceName`.
import type { AttestationStore } from '../github/attestations.ts';
import type { NonEmpty } from '../model/parsed.ts';
import type { SourceName } from '../model/request.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { githubSource } from './github.ts';
import { legacySource } from './legacy.ts';
import { registrySource } from './registry.ts';
import type { Source } from './source.ts';

export interface SourceServices {
  readonly clientFor: (subject: Subject) => RegistryClient;
  readonly attestations: AttestationStore | undefined;
  readonly attestationsOf: NonEmpty<string>;
}

export const SOURCES = {
  registry: ({ clientFor }) => registrySource(clientFor),
  legacy: ({ clientFor }) => legacySource(clientFor),
  github: ({ attestations, attestationsOf }) => githubSource(attestations, attestationsOf),
} satisfies Readonly<Record<SourceName, (services: SourceServices) => Source>>;
