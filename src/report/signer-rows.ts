// Rows of a summary about a verified bundle: signer, build, time, and log entries.
import type { LogEntry, VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type Signer } from '../model/identity.ts';
import { code, link } from './markdown.ts';
import { forMarkdown } from './untrusted.ts';

export function signerRows({
  signer,
  times: [first],
  logEntries,
}: VerifiedBundle): readonly (readonly [string, string])[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ...whoRows(signer),
    ['time', first && `${first.time.toISOString()} (${first.source})`],
    ['log entry', logEntries.map(entryLink).join('<br>')],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

function entryLink({ log, index, link }: LogEntry): string {
  return link === undefined || !/^\d+$/.test(index)
    ? forMarkdown(`${index} in ${log}`)
    : `[${index}](${link})`;
}

function whoRows(signer: Signer): readonly (readonly [string, string | undefined])[] {
  if (isKeyHolder(signer)) return [['key', `${code(signer.key)} from ${forMarkdown(signer.from)}`]];
  const { san, issuer, claims } = signer;
  return [
    ['signer', code(san)],
    ['issuer', code(issuer)],
    [
      'source',
      claims.sourceRepositoryUri &&
        `${link(claims.sourceRepositoryUri)} ${code(claims.sourceRepositoryRef ?? '')} ${code(claims.sourceRepositoryDigest ?? '')}`,
    ],
    ['run', claims.runInvocationUri && link(claims.runInvocationUri)],
    ['event', claims.buildTrigger && forMarkdown(claims.buildTrigger)],
  ];
}
