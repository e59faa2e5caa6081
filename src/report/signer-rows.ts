// Rows of a summary about a verified bundle: signer, build, time, and log entries.
import type { LogEntry, VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder } from '../model/identity.ts';
import { code, link } from './markdown.ts';
import { forMarkdown } from './untrusted.ts';

type Row = readonly [name: string, value: string];

export function signerRows(bundle: VerifiedBundle): readonly Row[] {
  const [first] = bundle.times;
  return [
    ...whoRows(bundle),
    ...withValue(
      ['time', first && `${first.time.toISOString()} (${first.source})`],
      ['log entry', entriesIn(bundle)],
    ),
  ];
}

/** The signer and the build: the same for every bundle of a run. */
export function whoRows({ signer }: VerifiedBundle): readonly Row[] {
  if (isKeyHolder(signer)) return [['key', `${code(signer.key)} from ${forMarkdown(signer.from)}`]];
  const { san, issuer, claims } = signer;
  const source = claims.sourceRepositoryUri;
  return withValue(
    ['signer', code(san)],
    ['issuer', code(issuer)],
    [
      'source',
      source &&
        `${link(source)} ${code(claims.sourceRepositoryRef ?? '')} ${code(claims.sourceRepositoryDigest ?? '')}`,
    ],
    ['run', claims.runInvocationUri && link(claims.runInvocationUri)],
    ['event', claims.buildTrigger && forMarkdown(claims.buildTrigger)],
  );
}

/** Empty without an entry. */
export function entriesIn({ logEntries }: VerifiedBundle): string {
  return logEntries.map(entryLink).join('<br>');
}

function entryLink({ log, index, link }: LogEntry): string {
  return link === undefined || !/^\d+$/.test(index)
    ? forMarkdown(`${index} in ${log}`)
    : `[${index}](${link})`;
}

function withValue(...rows: readonly (readonly [string, string | undefined])[]): readonly Row[] {
  return rows.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}
