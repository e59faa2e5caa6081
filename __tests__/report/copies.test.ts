// Log, summary and results show where evidence was copied, what failed, and that nothing was copied.
import { describe, expect, test } from '@jest/globals';

import { SUBJECT, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { ActionError } from '../../src/errors.ts';
import type { Copying, VerifyReport } from '../../src/model/report.ts';
import { explainCopying } from '../../src/report/copies.ts';
import { resultsOf } from '../../src/report/results.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { accepted, imageVerdict, REFERRER, verifyReport } from './reports.ts';
import { shown } from './shown.ts';

const targets = [{ registry: 'quay.io', path: 'acme/app' }] as const;
const bundle = verifiedBundle({ place: 'ghcr.io/acme/app ##[error]::warning::' });
const place = `quay.io/acme/app@${REFERRER}`;
const stored = { id: REFERRER, subjects: [SUBJECT], store: 'registry', place } as const;
const failure = new ActionError('service', 'SERVICE_UNREACHABLE', {
  message: 'Cannot push to "quay.io/acme/app": <b>',
  remedy: 'run the job again',
});

function reportOf(copying: Copying): VerifyReport {
  return { ...verifyReport(imageVerdict(accepted(bundle))), copying };
}

describe('copied evidence', () => {
  const copying: Copying = {
    kind: 'done',
    targets,
    copied: [{ bundle, stored: [{ ...stored, referrer: REFERRER }] }],
    failures: [],
  };

  test('is listed in the log in one line without commands for the runner', () => {
    expect(explainCopying(copying)).toEqual([
      `Copied signature at ghcr.io/acme/app ##\\u{5b}error]::warning:: to ${place}`,
    ]);
  });

  test('is listed in the summary and in the results with its place', () => {
    const report = reportOf(copying);
    expect(shown(renderSummary(report, []))).toContain(`| copied to | <code>${place}</code> |`);
    expect(resultsOf(report)).toMatchObject([
      { evidence: [{ bundles: [{ copied: [{ store: 'registry', place, referrer: REFERRER }] }] }] },
    ]);
  });
});

test('a failed copy is shown in the summary with its remedy', () => {
  const report = reportOf({
    kind: 'done',
    targets,
    copied: [{ bundle, stored: [] }],
    failures: [failure],
  });
  const summary = renderSummary(report, []);
  expect(shown(summary)).toMatch(/> ❌ Cannot push to "quay\.io.*\n> To fix: run the job again/);
  expect(summary).not.toContain('<b>');
  expect(shown(summary)).toContain('| copied to | nowhere |');
  expect(resultsOf(report)).toMatchObject([{ evidence: [{ bundles: [{ copied: [] }] }] }]);
});

test.each<[string, Copying, string]>([
  [
    'nothing was copied because an image is not accepted',
    { kind: 'withheld', targets },
    'No evidence was copied to quay.io/acme/app: not every image is accepted',
  ],
  [
    'there was no evidence to copy',
    { kind: 'done', targets, copied: [], failures: [] },
    'No evidence to copy to quay.io/acme/app',
  ],
])('the log states that %s', (_, copying, line) => {
  expect(explainCopying(copying)).toEqual([line]);
});

test('results contain no copies unless they were requested', () => {
  const [result] = resultsOf(verifyReport(imageVerdict(accepted(bundle))));
  expect(JSON.stringify(result)).not.toContain('"copied"');
});
