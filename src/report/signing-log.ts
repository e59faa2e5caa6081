// The log of a signing step: what was signed, logged and stored; of many images, first what failed.
import { dirname } from 'node:path';
import type { ReportedBundle, SignReport } from '../model/report.ts';
import { describeMove, formatTag } from '../model/tag.ts';
import { signedBy } from './candidates.ts';
import { failuresOf, groupOf, linesOf, type LogPart } from './log-part.ts';
import { nameOfSigned, shownBundles } from './signed-bundles.ts';
import { areManySigned, countSigned } from './signed-images.ts';
import { signedSubjects } from './signed-subjects.ts';

const RERUN =
  'When the job runs again, what is stored is not signed again, and what is missing is stored.';

export function signingLog(report: SignReport, commands: readonly string[]): readonly LogPart[] {
  const { bundles, failures, tagging } = report;
  const { shown, others } = shownBundles(bundles);
  const signed = shown.map(linesAbout);
  const rest = linesOf(others === '' ? [] : [others]);
  const tagged = tagging.tagged.map((tag) => `Tagged ${formatTag(tag)}: ${describeMove(tag)}`);
  const failed = failuresOf([...failures, ...tagging.failures]);
  const kept = linesOf(
    failures.length > 0
      ? [
          `Everything signed is kept in ${dirname(bundles[0].file)}, and in a log for good. ${RERUN}`,
        ]
      : [],
  );
  const verify = commands.map((command) => `Verify with: ${command}`);
  if (!areManySigned(report))
    return [
      ...linesOf(signed.flat()),
      ...rest,
      ...linesOf([...verify, ...tagged]),
      ...failed,
      ...kept,
    ];
  return [
    ...linesOf([countSigned(report)]),
    ...failed,
    ...kept,
    ...groupOf('Signatures and attestations', signed),
    ...rest,
    ...groupOf(
      'Commands that verify them',
      verify.map((line) => [line]),
    ),
    ...groupOf(
      'Tags',
      tagged.map((line) => [line]),
    ),
  ];
}

function linesAbout({ signed, verified, stored }: ReportedBundle): readonly string[] {
  const { images, others } = signedSubjects(signed.subjects);
  const what = [images.join(', '), others].filter((part) => part !== '').join(' ');
  const done = signed.foundAt === undefined ? 'Signed' : 'Already signed:';
  return [
    `${done} ${what}: ${nameOfSigned(signed)}`,
    `  ${signedBy(verified.signer)}`,
    ...verified.logEntries.map(({ log, index }) => `  logged in ${log} at ${index}`),
    ...stored.map(({ place }) => `  stored at ${place}`),
  ];
}
