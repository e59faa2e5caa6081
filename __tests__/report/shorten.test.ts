// The output `results` under attack: evidence stays, omitted items are counted, and the JSON keeps its shape.
import { describe, expect, test } from '@jest/globals';

import type { VerifyReport } from '../../src/model/report.ts';
import { resultsOf } from '../../src/report/results.ts';
import { RESULTS_LIMIT, shorten } from '../../src/report/shorten.ts';
import { rejection, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { accepted, imageVerdict, unacceptable, signReport, verifyReport } from './reports.ts';

interface Entry {
  readonly image?: string;
  readonly verdict?: string;
  readonly evidence: readonly { readonly bundles: readonly unknown[] }[];
  readonly unacceptable: readonly { readonly findings: readonly unknown[] }[];
  readonly rejections: readonly unknown[];
  readonly bundles: readonly unknown[];
  readonly omitted?: Readonly<Record<string, number>>;
}

function shortened(report: Parameters<typeof resultsOf>[0], limit?: number): readonly Entry[] {
  const text = shorten(resultsOf(report), limit);
  expect(text.length).toBeLessThanOrEqual(limit ?? RESULTS_LIMIT);
  return JSON.parse(text) as readonly Entry[];
}

const finding = { rule: 'repository', expected: 'a', found: 'b' };
const far = unacceptable(verifiedBundle(), finding, finding, finding);
const near = unacceptable(verifiedBundle(), finding);

function junk(count: number): VerifyReport {
  const seen = {
    rejections: Array.from({ length: count }, () => rejection()),
    unacceptable: [...Array.from({ length: count }, () => far), near],
    ignored: Array.from({ length: count }, () => verifiedBundle()),
  };
  return verifyReport(imageVerdict({ ...accepted(), ...seen }));
}

test('does not change results that fit', () => {
  const results = resultsOf(junk(3));
  expect(shorten(results)).toBe(JSON.stringify(results));
});

test.each([50, 500, 5000])('keeps the evidence next to %d rejections of each kind', (count) => {
  const [entry] = shortened(junk(count));
  expect(entry).toMatchObject({ verdict: 'accepted', evidence: [{ bundles: [{}] }] });
  expect(entry?.unacceptable[0]?.findings).toHaveLength(1);
  const left = entry?.omitted ?? {};
  expect((entry?.rejections.length ?? 0) + (left['rejections'] ?? 0)).toBe(count);
  expect((entry?.unacceptable.length ?? 0) + (left['unacceptable'] ?? 0)).toBe(count + 1);
});

describe('results of many images', () => {
  const many = (count: number): VerifyReport => {
    const image = imageVerdict(accepted());
    return verifyReport(image, ...Array.from({ length: count - 1 }, () => image));
  };

  test('keep each verdict, and evidence as long as there is space', () => {
    const entries = shortened(many(60));
    expect(entries).toHaveLength(60);
    expect(
      entries.every(({ verdict, evidence }) => verdict === 'accepted' && evidence.length > 0),
    ).toBe(true);
  });

  test('name the first images and count the others', () => {
    const entries = shortened(many(2000));
    const { omitted } = entries.at(-1) ?? {};
    expect(entries.length - 1 + (omitted?.['images'] ?? 0)).toBe(2000);
    expect(entries.slice(0, -1).every(({ verdict }) => verdict === 'accepted')).toBe(true);
  });

  test('are shortened in the same way after signing', () => {
    const report = signReport();
    const [subject] = report.subjects;
    const others = Array.from({ length: 99 }, () => subject);
    const images: typeof report = { ...report, subjects: [subject, ...others] };
    const entries = shortened(images);
    expect(
      entries.reduce(
        (sum, { omitted, bundles }) => sum + bundles.length + (omitted?.['bundles'] ?? 0),
        0,
      ),
    ).toBe(200);
  });
});
