// Provenance of BuildKit: https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md
import type { RunFact } from '../model/provenance.ts';
import { fact } from './fields.ts';

export const BUILDKIT_TYPES = [
  'https://mobyproject.org/buildkit@v1',
  'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
];

const RUN = /^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/actions\/runs\/\d+(?=\/attempts\/\d+$|$)/;
const WORKFLOW = /^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/\.github\/workflows\/[^/@\s]+@\S+$/;

/**
 * Its source is what was built, which can come from anywhere, so it contradicts no certificate. Its builder is the run, or a value that the job set.
 * Without the attempt: the job that signs may be run again alone.
 */
export function buildkitFacts(builder: string | undefined): readonly RunFact[] {
  if (builder === undefined) return [];
  const [run] = RUN.exec(builder) ?? [];
  if (run !== undefined) return fact('run', run);
  return WORKFLOW.test(builder) ? fact('builder', builder) : [];
}
