// Log and summary of a step with many images: first what failed, the rest folded, and no more than GitHub shows.
import { describe, expect, test } from '@jest/globals';

import { UNREAD, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { isNonEmpty, type NonEmpty } from '../../src/model/non-empty.ts';
import type { Report } from '../../src/model/report.ts';
import type { ImageVerdict, Verdict } from '../../src/model/verdict.ts';
import { dryRunLog } from '../../src/report/dry-run.ts';
import { gateLog } from '../../src/report/gate-log.ts';
import type { LogPart } from '../../src/report/log-part.ts';
import { signingLog } from '../../src/report/signing-log.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { dryRunOf, imageNumber, signingOf } from './many.ts';
import { accepted, imageVerdict, NOTHING_SEEN, unacceptable, verifyReport } from './reports.ts';
import { shown } from './shown.ts';

const MIB = 1 << 20;
const rejected: Verdict = {
  ...NOTHING_SEEN,
  unacceptable: [
    unacceptable(verifiedBundle(), { rule: 'repository', expected: 'acme/app', found: 'evil/app' }),
  ],
  outcome: 'rejected',
  unmet: ['signature'],
};
const warned: Verdict = { ...accepted(), warnings: ['provenance for policy "release"'] };

function judged(count: number, verdictAt: (number: number) => Verdict): NonEmpty<ImageVerdict> {
  const images = Array.from({ length: count }, (_, number) => ({
    ...imageVerdict(verdictAt(number)),
    ...imageNumber(number),
  }));
  if (!isNonEmpty(images)) throw new RangeError('no images');
  return images;
}

const hundred = verifyReport(
  ...judged(100, (number) => ({ 41: rejected, 42: warned })[number] ?? accepted()),
);
const titles = (parts: readonly LogPart[]): readonly string[] =>
  parts.map((part) => {
    if (part.kind === 'line') return part.text;
    return part.kind === 'group' ? `▼ ${part.title}` : `${part.kind}: ${part.about.message}`;
  });

describe('a gate for 100 images', () => {
  test('logs the number of each verdict, then what failed, and folds the rest', () => {
    const [counts, failure, ...groups] = titles(gateLog(hundred));
    expect(counts).toBe(
      'Verified 100 images: 99 of 100 accepted, 1 rejected, 1 accepted with warnings',
    );
    expect(failure).toMatch(/^failure: Cannot accept .*app-41/);
    expect(groups).toEqual([
      expect.stringMatching(/^▼ rejected: .*app-41/),
      expect.stringMatching(/^▼ accepted with warnings: .*app-42/),
      '▼ accepted: 98',
    ]);
  });

  test('shows what failed in full before a folded table of the rest', () => {
    const [open = '', fold = '', ...others] = shown(renderSummary(hundred, [])).split('<details>');
    expect(others).toEqual([]);
    expect(open).toContain('99 of 100 accepted, 1 rejected, 1 accepted with warnings');
    expect(open).toMatch(/### ❌ rejected: .*app-41[^]*evil\/app[^]*### ⚠️ accepted with warnings/);
    expect(open).not.toMatch(/app-40|app-43/);
    expect(fold).toMatch(/^<summary>✅ accepted: 98<\/summary>[^]*app-40[^]*app-43/);
    expect(fold).not.toMatch(/app-41|app-42/);
    expect(fold.match(/\| signer \|/g)).toHaveLength(1);
  });

  test('warns in an audit', () => {
    const parts = gateLog({ ...hundred, onFailure: 'warn' });
    expect(parts.filter(({ kind }) => kind === 'failure')).toEqual([]);
    expect(titles(parts)).toContainEqual(expect.stringMatching(/^warning: Audit only: .*app-41/));
  });
});

test('a gate for five images shows each in full, with its platforms', () => {
  const [first, ...others] = judged(5, () => accepted());
  const report = verifyReport(first, { ...first, part: 'linux/amd64' }, ...others);
  expect(renderSummary(report, [])).not.toContain('<details>');
  expect(renderSummary(report, []).match(/^### ✅/gm)).toHaveLength(6);
  expect(gateLog(report)).toHaveLength(6);
});

describe('a step that signs 100 images', () => {
  const report = signingOf(100, {
    failures: [{ ...UNREAD, message: 'Cannot store it', remedy: 'wait' }],
    storedAt: (number) => number !== 7,
    foundAt: (number) => (number < 3 ? 'ghcr.io/acme/app' : undefined),
  });

  test('logs the number of images in each state, then what failed, and folds the rest', () => {
    expect(titles(signingLog(report, ['cosign verify a', 'cosign verify b']))).toEqual([
      '100 images: 96 signed, 3 already signed, 1 not stored',
      'failure: Cannot store it',
      expect.stringMatching(/^Everything signed is kept in /),
      '▼ Signatures and attestations: 100',
      '▼ Commands that verify them: 2',
      '▼ Tags: 100',
    ]);
  });

  test('shows what failed before folded tables of the rest', () => {
    const [open = '', ...folds] = shown(renderSummary(report, ['cosign verify a'])).split(
      '<details>',
    );
    expect(open).toContain('100 images: 96 signed, 3 already signed, 1 not stored');
    expect(open).toContain('> ❌ Cannot store it  \n> To fix: wait');
    expect(open).not.toContain('app-');
    expect(folds.map((fold) => /<summary>(.*)<\/summary>/.exec(fold)?.[1])).toEqual([
      'Signatures and attestations: 100',
      'Tags: 100',
      'Commands that verify them: 1',
    ]);
    expect(folds[0]).toMatch(/app-6@[^]*app-7@.*not confirmed anywhere/);
    expect(folds[0]?.match(/\| signer \|/g)).toHaveLength(1);
  });

  test('folds the lists of its dry run', () => {
    const dry = dryRunOf(100);
    expect(titles(dryRunLog(dry))).toEqual([
      '▼ Would sign: 100',
      expect.stringMatching(/^Would sign as /),
      '▼ Would store in: 100',
      '▼ Would tag: 100',
    ]);
    const [open = '', ...folds] = shown(renderSummary(dry, [])).split('<details>');
    expect(open).not.toContain('app-');
    expect(folds).toHaveLength(3);
  });
});

const LONG = 'a'.repeat(400);
const everywhere = (verdict: Verdict) => (): Verdict => verdict;
const own = Array.from({ length: 1000 }, (_, number) =>
  accepted(verifiedBundle({ claims: { sourceRepositoryUri: `${number}${'|'.repeat(1000)}` } })),
);

describe.each([100, 1000])('the summary of %i images with long names', (count) => {
  test.each<[string, () => Report, readonly RegExp[]]>([
    ['accepted', () => verifyReport(...judged(count, everywhere(accepted()))), [/ accepted/]],
    ['rejected', () => verifyReport(...judged(count, everywhere(rejected))), [/❌ rejected/]],
    [
      'rejected or accepted',
      () => verifyReport(...judged(count, (number) => (number % 2 ? rejected : accepted()))),
      [/❌ rejected/, /<summary>✅ accepted: \d+/],
    ],
    [
      'accepted, each of another run',
      () => verifyReport(...judged(count, (number) => own[number] ?? rejected)),
      [/<summary>✅ accepted/],
    ],
    ['signed', () => signingOf(count), [/Signatures and attestations/, /Tags/, /Commands/]],
    ['to be signed', () => dryRunOf(count), [/Would sign/, /Would store/, /Would tag/]],
  ])('is within the limit of GitHub: %s', (_, reportOf, parts) => {
    const summary = renderSummary(
      reportOf(),
      Array.from({ length: count }, (_, number) => `cosign verify ${LONG}/${number}`),
    );
    expect(Buffer.byteLength(summary)).toBeLessThan(MIB / 2);
    for (const part of parts) expect(summary).toMatch(part);
    expect(summary.split('<details>').length).toBe(summary.split('</details>').length);
    if (count === 1000) expect(summary).toMatch(/and \d+ more, see the output/);
  });
});
