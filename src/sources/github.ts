// Attestations in GitHub's own store, as actions/attest and Countersign record them.
import { ActionError, actionErrorsOf } from '../errors.ts';
import type { AttestationStore } from '../github/attestations.ts';
import type { Subject } from '../model/subject.ts';
import type { Discovery, Source } from './source.ts';

/** `of` is `owner/name`, or an owner. */
export function githubSource(attestations: AttestationStore | undefined, of: string): Source {
  return { name: 'github', find: (subject, signal) => [find(attestations, of, subject, signal)] };
}

async function find(attestations: AttestationStore | undefined, of: string, { digest }: Subject, signal: AbortSignal): Promise<Discovery> {
  const place = `attestations of ${of}`;
  try {
    if (!attestations) throw noToken(of);
    const stored = await attestations.list(of, digest, signal);
    return {
      found: stored.map(({ position, json }) => ({ source: 'github', place: `${place}, number ${position}`, json })),
      looked: [{ place, answer: `${stored.length} listed` }],
      failures: [],
    };
  } catch (error) {
    return { found: [], looked: [{ place, answer: 'could not be read' }], failures: actionErrorsOf(error) };
  }
}

function noToken(of: string): ActionError {
  return new ActionError('input', 'INPUT_MISSING', {
    message: `Cannot list the attestations of "${of}": "github-token" is empty`,
    remedy: 'remove "github-token" from the step, its default is ${{ github.token }}',
  });
}
