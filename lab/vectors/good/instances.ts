// Bundles of an instance without logs of signatures or certificates, like GitHub's own: only the timestamp proves the time.
import { type Draft, good } from '../draft.ts';
import type { Workshop } from '../workshop.ts';

export async function instances({
  signUnlogged,
  of,
  signer,
  trustedRoot,
  unloggedRoot,
}: Workshop): Promise<readonly Draft[]> {
  const bundle = await signUnlogged();
  const both = [trustedRoot, unloggedRoot].map((root) => `${JSON.stringify(root)}\n`).join('');
  return [
    good(
      'without-logs',
      'From an instance without logs: a timestamp, but no log entry and no certificate timestamp',
      { ...of(bundle, { trustedRoot: unloggedRoot }), signer },
    ),
    good(
      'without-logs-beside',
      'The same, with the trusted roots of both instances, one per line',
      {
        ...of(bundle, { trustedRoot: both }),
        signer,
      },
    ),
  ];
}
