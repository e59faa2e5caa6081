// Publishes a report, or the problems instead of one, to the runner: outputs, summary, annotations, exit status.
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
import type { Report } from '../model/report.ts';
import type { Common } from '../model/request.ts';
import type { SkippedStep } from '../model/skip.ts';
import { verifyCommands } from '../report/commands.ts';
import { DRY_RUN, dryRunLog } from '../report/dry-run.ts';
import { gateLog } from '../report/gate-log.ts';
import { type Annotated, failuresOf, type LogPart } from '../report/log-part.ts';
import { outputsOf } from '../report/outputs.ts';
import { resultsOf } from '../report/results.ts';
import { signingLog } from '../report/signing-log.ts';
import { renderSkip, renderSummary } from '../report/summary.ts';
import type { Environment } from './environment.ts';
import { keepResults } from './files.ts';

/** Annotations of one level that GitHub shows for a step; the log has all of them. */
const ANNOTATIONS = 10;

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
  print(logOf(report, commands));
  if (report.mode === 'dry-run') notice(DRY_RUN, { title: 'Countersign' });
  if (request.summary === 'write') await writeSummary(renderSummary(report, commands));
}

/** A skipped step succeeds; later steps see that nothing is signed. */
export async function publishSkip({ skip, summary: choice }: SkippedStep): Promise<void> {
  setOutput('skip-reason', skip.reason);
  notice(`${skip.message}\nTo do without this notice: ${skip.remedy}`, { title: 'Countersign' });
  if (choice === 'write') await writeSummary(renderSkip(skip));
}

export function publishProblems(problems: readonly ActionError[]): void {
  print(failuresOf(problems));
}

function logOf(report: Report, commands: readonly string[]): readonly LogPart[] {
  if (report.mode === 'sign') return signingLog(report, commands);
  return report.mode === 'verify' ? gateLog(report) : dryRunLog(report);
}

/** GitHub shows the first annotations of a step: if there are more, an additional one says so before them. */
function print(parts: readonly LogPart[]): void {
  const annotated = parts.filter((part) => 'about' in part);
  const first = annotated.length > ANNOTATIONS ? annotated[0] : undefined;
  for (const part of parts) {
    if (part === first) printPart({ ...part, about: tooMany(annotated.length) });
    printPart(part);
  }
}

function printPart(part: LogPart): void {
  if ('about' in part) annotators[part.kind](part.about);
  else if (part.kind === 'line') info(part.text);
  else {
    startGroup(part.title);
    for (const line of part.lines) info(line);
    endGroup();
  }
}

function tooMany(count: number): Annotated {
  return {
    message: `Cannot show all of ${count} problems as annotations: GitHub shows ${ANNOTATIONS} for a step`,
    remedy: 'read the log of this step, which has all of them',
  };
}

/** One annotation with the message and its remedy. */
const annotators = {
  failure({ message, remedy, place }: Annotated): void {
    annotate(`${message}\nTo fix: ${remedy}`, annotationAt(place));
    process.exitCode = 1;
  },
  warning({ message, remedy, place }: Annotated): void {
    warning(`${message}\nTo fix: ${remedy}`, annotationAt(place));
  },
};

function annotationAt(place: FilePlace | undefined): AnnotationProperties {
  const where = place ? { file: place.file, startLine: place.line } : {};
  return { title: 'Countersign', ...where };
}

async function writeSummary(markdown: string): Promise<void> {
  try {
    await summary.addRaw(markdown).write();
  } catch (error) {
    info(`Could not write the job summary: ${messageOf(error)}`);
  }
}
