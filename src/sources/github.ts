// Attestations in GitHub's own store, as actions/attest and Countersign record them.
import { ActionError } from '../errors.ts';
import type { AttestationStore } from '../github/attestations.ts';
import type { NonEmpty } from '../model/parsed.ts';
import type { Subject } from '../model/subject.ts';
import type { Discovery, Source } from './source.ts';

/** Each of `owners` is `owner/name`, or an owner. */
export function githubSource(
  attestations: AttestationStore | undefined,
  owners: NonEmpty<string>,
): Source {
  return {
    name: 'github',
    find: (subject, signal) => owners.map((of) => find(attestations, of, subject, signal)),
  };
}

async function find(
  store: AttestationStore | undefined,
  of: string,
  { digest }: Subject,
  signal: AbortSignal,
): Promise<Discovery> {
  const place = `attestations of ${of}`;
  if (!store)
    return { found: [], looked: [{ place, answer: 'could not be read' }], failures: [noToken(of)] };
  const { attestations, failures } = await store.list(of, digest, signal);
  return {
    found: attestations.map(({ position, json }) => ({
      source: 'github',
      place: `${place}, number ${position}`,
      json,
    })),
    looked: [
      {
        place,
        answer:
          attestations.length === 0 && failures.length > 0
            ? 'could not be read'
            : `${attestations.length} listed`,
      },
    ],
    failures,
  };
}

function noToken(of: string): ActionError {
  return new ActionError('input', 'INPUT_MISSING', {
    message: `Cannot list the attestations of "${of}": "github-token" is empty`,
    remedy: 'remove "github-token" from the step, its default is ${{ github.token }}',
  });
}
