// The log of a gate: each verdict with its reasons; of many images, first what failed.
import type { Copying, VerifyReport } from '../model/report.ts';
import type { ImageVerdict } from '../model/verdict.ts';
import { explainCopying } from './copies.ts';
import { AUDIT, explainVerdict, failureOf } from './explain.ts';
import { areManyImages, countVerdicts, sortImages } from './judged-images.ts';
import { failuresOf, groupOf, linesOf, type LogPart } from './log-part.ts';

const RECOPY =
  'When the job runs again, what is there is not written twice, and what is missing is copied.';

export function gateLog(report: VerifyReport): readonly LogPart[] {
  const { images, onFailure, copying } = report;
  return [
    ...linesOf(onFailure === 'warn' ? [AUDIT] : []),
    ...(areManyImages(images) ? manyVerdicts(report) : fewVerdicts(report)),
    ...(copying ? copyParts(copying, report) : []),
  ];
}

function fewVerdicts({ images, onFailure }: VerifyReport): readonly LogPart[] {
  return images.flatMap((image) => [verdictGroup(image), ...annotationFor(image, onFailure)]);
}

function manyVerdicts({ images, onFailure }: VerifyReport): readonly LogPart[] {
  const { failed, exceptions, accepted } = sortImages(images);
  return [
    ...linesOf([`Verified ${images.length} images: ${countVerdicts(images)}`]),
    ...failed.flatMap((image) => annotationFor(image, onFailure)),
    ...[...failed, ...exceptions].map(verdictGroup),
    ...groupOf('accepted', accepted.map(explainVerdict)),
  ];
}

function verdictGroup(image: ImageVerdict): LogPart {
  const [title = '', ...lines] = explainVerdict(image);
  return { kind: 'group', title, lines };
}

function annotationFor(
  image: ImageVerdict,
  onFailure: VerifyReport['onFailure'],
): readonly LogPart[] {
  if (image.verdict.outcome === 'accepted') return [];
  const about = { ...failureOf(image), place: image.places[0] };
  return onFailure === 'fail'
    ? failuresOf([about])
    : [{ kind: 'warning', about: { ...about, message: `Audit only: ${about.message}` } }];
}

/** The verdict does not depend on the copies. */
function copyParts(copying: Copying, { images }: VerifyReport): readonly LogPart[] {
  const lines = explainCopying(copying);
  if (copying.kind === 'withheld') return linesOf(lines);
  const isFolded = areManyImages(images) && copying.copied.length > 0;
  return [
    ...(isFolded
      ? groupOf(
          'copied',
          lines.map((line) => [line]),
        )
      : linesOf(lines)),
    ...failuresOf(copying.failures),
    ...linesOf(
      copying.failures.length > 0
        ? [`The images are accepted, and not all of their evidence is copied. ${RECOPY}`]
        : [],
    ),
  ];
}
