// Attestations in GitHub's own store, as actions/attest and Countersign record them.
import { ActionError } from '../errors.ts';
import type { AttestationStore } from '../github/attestations.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import type { Subject } from '../model/subject.ts';
import { type Memory, Reading } from './reading.ts';
import type { Source } from './source.ts';

/** Each of `owners` is `owner/name`, or an owner. */
export function githubSource(
  attestations: AttestationStore | undefined,
  owners: NonEmpty<string>,
  memory: Memory,
): Source {
  return {
    name: 'github',
    find(subject, signal) {
      const reading = new Reading(memory, signal);
      const lists = owners.map((of) => find(attestations, of, { subject, reading }, signal));
      void Promise.all(lists).then(() => reading.end());
      return reading;
    },
  };
}

async function find(
  store: AttestationStore | undefined,
  of: string,
  { subject, reading }: { readonly subject: Subject; readonly reading: Reading },
  signal: AbortSignal,
): Promise<void> {
  const place = `attestations of ${of}`;
  if (!store) {
    reading.put({ looked: { place, answer: 'could not be read' } });
    reading.put({ failure: noToken(of) });
    return;
  }
  const { count, failures } = await store.list(of, subject.digest, signal, (attestation) => {
    const found = { source: 'github', place: `${place}, number ${attestation.position}` } as const;
    reading.add(attestation.json.length, async (stop, onBytes) => ({
      found: { ...found, json: await store.read(attestation, stop, onBytes) },
    }));
  });
  const isUnread = count === 0 && failures.length > 0;
  const answer = isUnread ? 'could not be read' : `${count} listed`;
  reading.put({ looked: { place, answer } });
  for (const failure of failures) reading.put({ failure });
}

function noToken(of: string): ActionError {
  return new ActionError('input', 'INPUT_MISSING', {
    message: `Cannot list the attestations of "${of}": "github-token" is empty`,
    remedy: 'remove "github-token" from the step; it defaults to ${{ github.token }}',
  });
}
