// Bundles of an instance that keeps no log of signatures or certificates, as GitHub's own: the timestamp is all there is.
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
      'Of an instance without logs: no entry and no certificate timestamp, a timestamp alone',
      { ...of(bundle, { trustedRoot: unloggedRoot }), signer },
    ),
    good('without-logs-beside', 'The same, with the roots of both instances, one a line', {
      ...of(bundle, { trustedRoot: both }),
      signer,
    }),
  ];
}
