// The schema of results describes the output, whole and shortened, and the examples in the documentation, and nothing else.
import { readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

import { resultsOf } from '../src/report/results.ts';
import { shorten } from '../src/report/shorten.ts';
import { rejection, UNREAD, verifiedBundle } from '../lab/bundles/evidence.ts';
import {
  accepted,
  imageVerdict,
  NOTHING_SEEN,
  signReport,
  unacceptable,
  verifyReport,
} from './report/reports.ts';
import { wrongInResults } from './results-schema.ts';

const finding = { rule: 'repository', expected: 'a', found: 'b' };
const many = Array.from({ length: 300 }, () => unacceptable(verifiedBundle(), finding));
const refused = imageVerdict({
  ...NOTHING_SEEN,
  unacceptable: many,
  rejections: [rejection()],
  ignored: [verifiedBundle()],
  looked: [{ place: 'API', answer: '404' }],
  outcome: 'rejected',
  unmet: ['signature'],
});
const unread = imageVerdict({ ...NOTHING_SEEN, outcome: 'inconclusive', failures: [UNREAD] }, 'a');
const gate = verifyReport(imageVerdict(accepted()), refused, unread);

test.each([
  ['of a gate', gate],
  ['of an audit', { ...gate, onFailure: 'warn' } as const],
  ['of a signing step', signReport()],
])('describes results %s, whole and shortened', (_what, report) => {
  const results = resultsOf(report);
  expect(wrongInResults(JSON.stringify(results))).toEqual([]);
  for (const limit of [100_000, 20_000, 3000, 100])
    expect(wrongInResults(shorten(results, limit))).toEqual([]);
});

test('describes the examples in docs/outputs.md', async () => {
  const page = await readFile(new URL('../docs/outputs.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) => text);
  const whole = examples.filter((text) => text.includes('"image":'));
  expect(whole.length).toBeGreaterThan(2);
  for (const text of whole) expect(wrongInResults(text)).toEqual([]);
});

test.each([
  ['an unknown verdict', (image: object) => ({ ...image, verdict: 'fine' })],
  ['an unknown field', (image: object) => ({ ...image, extra: 1 })],
  ['a missing field', (image: object) => ({ ...image, evidence: undefined })],
  ['an invalid digest', (image: object) => ({ ...image, digest: 'sha256:1' })],
])('rejects %s', (_what, change) => {
  const [image = {}] = resultsOf(gate);
  expect(wrongInResults(JSON.stringify([change(image)]))).not.toEqual([]);
});
