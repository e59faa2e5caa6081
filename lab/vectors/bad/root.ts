// Invalid trusted roots, and those that would trust too much (docs/verification.md, end of section 3).
import { bad, type Draft } from '../draft.ts';
import { within } from '../root.ts';
import type { Workshop } from '../workshop.ts';

const NO_START = /has no valid date in validFor\.start$/;

export async function root({
  v2,
  sign,
  of,
  trustedRoot,
  unloggedRoot,
}: Workshop): Promise<readonly Draft[]> {
  const refused = (name: string, about: string, given: object | string, found: RegExp): Draft =>
    bad(name, about, of(v2, { trustedRoot: given }), 'INPUT_FILE', found);
  const starts = (
    ['tlogs', 'ctlogs', 'certificateAuthorities', 'timestampAuthorities'] as const
  ).map((kind) =>
    refused(
      `root-${kind.toLowerCase()}-without-start`,
      `In the trusted root, ${kind} have no beginning of their validity`,
      within(trustedRoot, kind, {}),
      NO_START,
    ),
  );
  const both = [unloggedRoot, trustedRoot].map((each) => `${JSON.stringify(each)}\n`).join('');
  return [
    ...starts,
    refused(
      'root-with-a-start-that-is-no-date',
      "In the trusted root, the start of the authority's validity is not a date",
      within(trustedRoot, 'certificateAuthorities', { start: 'yesterday' }),
      NO_START,
    ),
    refused(
      'root-without-authority',
      'The trusted root contains no certificate authority',
      { ...trustedRoot, certificateAuthorities: [] },
      /it names no certificate authority$/,
    ),
    refused(
      'root-with-logs-that-are-no-list',
      'In the trusted root, the logs are an object instead of a list',
      { ...trustedRoot, tlogs: {} },
      /"tlogs" is not a list/,
    ),
    refused('root-empty', 'The trusted root is an empty file', '', /it is empty/),
    refused('root-of-another-kind', 'The trusted root is a bundle', v2, /it is a Sigstore bundle/),
    bad(
      'not-logged-beside',
      'There is no log entry, and the trusted root of another instance, which requires none, is configured too',
      of(await sign({ logs: [] }), { trustedRoot: both }),
      'TRANSPARENCY_LOG',
      /^expected 1 tlog entries, got 0$/,
    ),
  ];
}
