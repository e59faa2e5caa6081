// Publishes a report, or the problems instead of one, to the runner: outputs, summary, annotations, exit status.
import { dirname } from 'node:path';
import {
  type AnnotationProperties,
  endGroup,
  error as annotate,
  info,
  notice,
  setOutput,
  startGroup,
  summary,
  warning,
} from '@actions/core';
import { type ActionError, messageOf } from '../errors.ts';
import type { FilePlace } from '../model/place.ts';
import type { Copying, DryRunReport, Report } from '../model/report.ts';
import type { Common } from '../model/request.ts';
import { describeMove, formatTag } from '../model/tag.ts';
import type { SkippedStep } from '../model/skip.ts';
import { verifyCommands } from '../report/commands.ts';
import { signedBy } from '../report/candidates.ts';
import { explainCopying } from '../report/copies.ts';
import { DRY_RUN, explainDryRun } from '../report/dry-run.ts';
import { AUDIT, explainVerdict, failureOf } from '../report/explain.ts';
import { outputsOf } from '../report/outputs.ts';
import { resultsOf } from '../report/results.ts';
import { nameOfSigned, shownBundles } from '../report/signed-bundles.ts';
import { signedSubjects } from '../report/signed-subjects.ts';
import { renderSkip, renderSummary } from '../report/summary.ts';
import type { Environment } from './environment.ts';
import { keepResults } from './files.ts';

const RERUN =
  'When the job runs again, what is stored is not signed again, and what is missing is stored.';

/** Called first: even if the process is killed, a later step finds a verdict other than accepted. */
export function publishNothingYet(mode: string): void {
  if (mode === 'verify') {
    setOutput('verified', 'false');
    setOutput('verdict', 'inconclusive');
  }
  if (mode === 'sign') setOutput('signed', 'false');
}

export async function publishReport(
  report: Report,
  request: Common,
  { temp }: Environment,
): Promise<void> {
  const commands = report.mode === 'sign' ? verifyCommands(report, request.trustedRoot) : [];
  const resultsPath = await keepResults(temp, resultsOf(report)).catch((error: unknown) => {
    info(`Could not write the results file: ${messageOf(error)}`);
    return '';
  });
  for (const [name, value] of Object.entries(outputsOf(report, { commands, resultsPath }))) {
    setOutput(name, value);
  }
  if (report.mode === 'sign') logSigned(report, commands);
  if (report.mode === 'dry-run') logDryRun(report);
  if (report.mode === 'verify') logVerdicts(report);
  if (request.summary === 'write') await writeSummary(renderSummary(report, commands));
}

/** A skipped step succeeds; later steps see that nothing is signed. */
export async function publishSkip({ skip, summary: choice }: SkippedStep): Promise<void> {
  setOutput('skip-reason', skip.reason);
  notice(`${skip.message}\nTo do without this notice: ${skip.remedy}`, { title: 'Countersign' });
  if (choice === 'write') await writeSummary(renderSkip(skip));
}

export function publishProblems(problems: readonly ActionError[]): void {
  for (const problem of problems) fail(problem);
}

function logSigned(
  { bundles, failures, tagging }: Extract<Report, { mode: 'sign' }>,
  commands: readonly string[],
): void {
  const { shown, others: more } = shownBundles(bundles);
  for (const { signed, verified, stored } of shown) {
    const { images, others } = signedSubjects(signed.subjects);
    const what = [images.join(', '), others].filter((part) => part !== '').join(' ');
    const done = signed.foundAt === undefined ? 'Signed' : 'Already signed:';
    info(`${done} ${what}: ${nameOfSigned(signed)}`);
    info(`  ${signedBy(verified.signer)}`);
    for (const { log, index } of verified.logEntries) info(`  logged in ${log} at ${index}`);
    for (const { place } of stored) info(`  stored at ${place}`);
  }
  if (more !== '') info(more);
  for (const command of commands) info(`Verify with: ${command}`);
  for (const tagged of tagging.tagged) info(`Tagged ${formatTag(tagged)}: ${describeMove(tagged)}`);
  for (const failure of [...failures, ...tagging.failures]) fail(failure);
  if (failures.length > 0)
    info(
      `Everything signed is kept in ${dirname(bundles[0].file)}, and in a log for good. ${RERUN}`,
    );
}

function logDryRun(report: DryRunReport): void {
  for (const line of explainDryRun(report)) info(line);
  notice(DRY_RUN, { title: 'Countersign' });
}

const RECOPY =
  'When the job runs again, what is there is not written twice, and what is missing is copied.';

function logVerdicts({ images, onFailure, copying }: Extract<Report, { mode: 'verify' }>): void {
  if (onFailure === 'warn') info(AUDIT);
  for (const image of images) {
    const [headline = '', ...reasons] = explainVerdict(image);
    startGroup(headline);
    for (const reason of reasons) info(reason);
    endGroup();
    if (image.verdict.outcome !== 'accepted')
      tell[onFailure]({ ...failureOf(image), place: image.places[0] });
  }
  if (copying) logCopying(copying);
}

/** The verdict does not depend on the copies. */
function logCopying(copying: Copying): void {
  for (const line of explainCopying(copying)) info(line);
  if (copying.kind === 'withheld' || copying.failures.length === 0) return;
  for (const failure of copying.failures) fail(failure);
  info(`The images are accepted, and not all of their evidence is copied. ${RECOPY}`);
}

interface Annotated {
  readonly message: string;
  readonly remedy: string;
  readonly place?: FilePlace | undefined;
}

const tell = {
  fail,
  warn({ message, remedy, place }: Annotated): void {
    warning(`Audit only: ${message}\nTo fix: ${remedy}`, annotationAt(place));
  },
};

function annotationAt(place: FilePlace | undefined): AnnotationProperties {
  const where = place ? { file: place.file, startLine: place.line } : {};
  return { title: 'Countersign', ...where };
}

/** One annotation with the message and its remedy; the step ends as failed. */
function fail({ message, remedy, place }: Annotated): void {
  annotate(`${message}\nTo fix: ${remedy}`, annotationAt(place));
  process.exitCode = 1;
}

async function writeSummary(markdown: string): Promise<void> {
  try {
    await summary.addRaw(markdown).write();
  } catch (error) {
    info(`Could not write the job summary: ${messageOf(error)}`);
  }
}
