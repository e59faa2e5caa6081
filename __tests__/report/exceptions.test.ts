// Log and summary show which images were accepted without evidence, and which policies in mode warn are not met.
import { describe, expect, test } from '@jest/globals';

import { KEYLESS, verifiedBundle } from '../../lab/bundles/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { explainVerdict } from '../../src/report/explain.ts';
import { resultsOf } from '../../src/report/results.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { accepted, imageVerdict, NOTHING_SEEN, verifyReport } from './reports.ts';
import { shown } from './shown.ts';

const EXEMPTIONS = [{ policy: 'vendor <b>', alternative: 'authority-0' }] as const;
const WARNINGS = ['provenance for policy "release"'];
const exempt: Verdict = {
  ...NOTHING_SEEN,
  outcome: 'accepted',
  evidence: [],
  exemptions: EXEMPTIONS,
};
const warned: Verdict = { ...accepted(), warnings: WARNINGS };
const both: Verdict = {
  ...NOTHING_SEEN,
  outcome: 'accepted',
  evidence: [
    {
      policy: 'inputs',
      requirement: 'signature',
      acceptances: [{ authority: KEYLESS, bundle: verifiedBundle() }],
    },
  ],
  exemptions: EXEMPTIONS,
};

const NOT_VERIFIED =
  'not verified: policy "vendor <b>" accepts it without evidence ("authority-0" is static)';

describe('the log', () => {
  test.each<[string, Verdict, string, readonly string[]]>([
    ['evidence', accepted(), 'accepted: ', []],
    ['an exemption alone', exempt, 'accepted without verification: ', [NOT_VERIFIED]],
    ['evidence and an exemption', both, 'accepted: ', [NOT_VERIFIED]],
    [
      'a warning',
      warned,
      'accepted with warnings: ',
      ['warning: no acceptable provenance for policy "release"'],
    ],
  ])('shows an image that is accepted by %s', (_, verdict, headline, notes) => {
    const [first = '', ...lines] = explainVerdict(imageVerdict(verdict));
    expect(first.startsWith(headline)).toBe(true);
    expect(lines.filter((line) => /^ {2}(not verified|warning)/.test(line))).toEqual(
      notes.map((note) => `  ${note}`),
    );
  });
});

describe('the summary', () => {
  const report = verifyReport(
    imageVerdict(accepted(), 'ghcr.io/acme/app:v1'),
    imageVerdict(exempt, 'ghcr.io/acme/vendor:v1'),
    imageVerdict(warned, 'ghcr.io/acme/other:v1'),
  );
  const summary = shown(renderSummary(report, []));

  test('marks exceptions in the overview and above each image', () => {
    expect(summary).toMatch(/\| .*app:v1.* \| ✅ accepted \|/);
    expect(summary).toMatch(/\| .*vendor:v1.* \| ⚠️ accepted without verification \|/);
    expect(summary).toMatch(/\| .*other:v1.* \| ⚠️ accepted with warnings \|/);
    expect(summary).toContain('### ⚠️ accepted without verification: ');
  });

  test('states the policy of an exemption and what a warning is about', () => {
    expect(summary).toMatch(/^> ⚠️ not verified: policy .*vendor/m);
    expect(summary).toMatch(/^> ⚠️ warning: no acceptable provenance for policy/m);
    expect(renderSummary(report, [])).not.toContain('<b>');
  });

  test('states checks that the inputs disable', () => {
    const insecure = ['policy "vendor": "static: pass" accepts its images without verification'];
    const text = shown(renderSummary({ ...report, insecure }, []));
    expect(text).toMatch(/^> ⚠️ policy .*static: pass/m);
  });
});

test('results contain exemptions and warnings only if there are any', () => {
  const [plain, exemption, warning] = resultsOf(
    verifyReport(imageVerdict(accepted()), imageVerdict(exempt), imageVerdict(warned)),
  );
  expect(plain).not.toHaveProperty('exemptions');
  expect(plain).not.toHaveProperty('warnings');
  expect(exemption).toMatchObject({ verdict: 'accepted', evidence: [], exemptions: EXEMPTIONS });
  expect(warning).toMatchObject({ verdict: 'accepted', warnings: WARNINGS });
});
