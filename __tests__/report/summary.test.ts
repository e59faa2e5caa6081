// The job summary: its content.
import { describe, expect, test } from '@jest/globals';

import type { Seen } from '../../src/model/verdict.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { ISSUER, rejection, SAN, UNREAD, verifiedBundle } from '../../lab/bundles/evidence.ts';
import {
  accepted,
  imageVerdict,
  NOTHING_SEEN,
  REFERRER,
  signedBy,
  signReport,
  unacceptable,
  verifyReport,
} from './reports.ts';
import { shown } from './shown.ts';

describe('the summary of a signing step', () => {
  const markdown = shown(renderSummary(signReport(), ['cosign verify x']));

  test.each([
    '## Signed images',
    '| signer | <code>https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main</code> |',
    `| issuer | <code>${ISSUER}</code> |`,
    '| source | [https://github.com/acme/app](https://github.com/acme/app) <code>refs/heads/main</code> <code>1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60</code> |',
    '| event | push |',
    '| time | 2026-01-02T03:04:05.000Z (timestamp-authority) |',
    '| log entry | [1](https://search.sigstore.dev/?logIndex=1) |',
    `| stored | <code>ghcr.io/acme/app@${REFERRER}</code><br>[attestation 77 of acme/app](https://github.com/acme/app/attestations/77) |`,
    '```sh\ncosign verify x\n```',
  ])('shows %s', (part) => expect(markdown).toContain(part));

  test('names the store that failed', () => {
    expect(
      renderSummary(
        signReport({ failures: [{ ...UNREAD, message: 'Cannot reach it', remedy: 'wait' }] }),
        [],
      ),
    ).toContain('> ❌ Cannot reach it  \n> To fix: wait');
  });

  test('shows the previous digest of each tag and the tags that failed', () => {
    const { subjects } = signReport();
    const [subject] = subjects;
    const failures = [{ ...UNREAD, message: 'Cannot move it', remedy: 'choose another' }];
    const tagged = [
      { subject, tag: 'v1', before: undefined },
      { subject, tag: 'latest', before: REFERRER },
    ];
    const page = shown(renderSummary(signReport({ tagging: { tagged, failures } }), []));
    const now = `<code>${subject.digest}</code>`;
    expect(page).toContain(
      `| <code>ghcr.io/acme/app:v1</code> | <code>new</code> | ${now} |\n| <code>ghcr.io/acme/app:latest</code> | <code>${REFERRER}</code> | ${now} |`,
    );
    expect(page).toContain('> ❌ Cannot move it  \n> To fix: choose another');
  });

  test('does not claim that nothing is stored if that is unknown', () => {
    const { bundles, ...report } = signReport();
    const [first] = bundles;
    expect(renderSummary({ ...report, bundles: [{ ...first, stored: [] }] }, [])).toContain(
      '| stored | not confirmed anywhere |',
    );
  });

  test('links only to the public log', () => {
    const here = renderSummary(
      signedBy(verifiedBundle({ log: 'https://rekor.example', index: '7' })),
      [],
    );
    expect(shown(here)).toContain('| log entry | 7 in https://rekor.example |');
    expect(here).not.toContain('search.sigstore.dev');
  });
});

describe('the summary of a gate', () => {
  test('shows the signer of an accepted image', () => {
    const markdown = shown(renderSummary(verifyReport(imageVerdict(accepted())), []));
    expect(markdown).toContain('### ✅ accepted: <code>ghcr.io/acme/app@sha256:');
    expect(markdown).toContain(`| signer | <code>${SAN}</code> |`);
    expect(markdown).toContain('| found at | <code>ghcr.io/acme/app@sha256:1234</code> |');
  });

  test('shows requirement, expected and found for each rejected candidate', () => {
    const finding = { rule: 'repository', expected: 'acme/app', found: 'mallory/app' };
    const ignored = verifiedBundle({ place: 'C', predicateType: 'https://spdx.dev/Document' });
    const seen: Seen = {
      unacceptable: [unacceptable(verifiedBundle({ place: 'A' }), finding)],
      rejections: [rejection('junk', 'B')],
      ignored: [ignored],
      looked: [{ place: 'API', answer: '404' }],
    };
    const markdown = shown(
      renderSummary(
        verifyReport(imageVerdict({ ...seen, outcome: 'rejected', unmet: ['signature'] })),
        [],
      ),
    );
    expect(markdown).toContain(
      [
        `Nearest candidate: signature <code>A</code>, signed <code>by ${SAN} (${ISSUER})</code>`,
        '',
        '| requirement | expected | found |',
        '| --- | --- | --- |',
        '| repository | <code>acme/app</code> | <code>mallory/app</code> |',
        '',
        'To accept this signer instead of others:  ',
        '<code>repository: acme/app</code>  ',
        `<code>signer-workflow: ${SAN.slice('https://github.com/'.length)}</code>`,
      ].join('\n'),
    );
    expect(markdown).toContain(
      [
        '<details><summary>Other candidates: 2</summary>',
        '',
        '| candidate | requirement | expected | found |',
        '| --- | --- | --- | --- |',
        '| <code>B</code> | signature | <code>made by the key</code> | <code>junk</code> |',
        '| <code>C</code> | type | <code>a required type</code> | <code>https://spdx.dev/Document</code> |',
        '',
        '</details>',
      ].join('\n'),
    );
    expect(markdown).toContain('| searched | result |\n| --- | --- |\n| API | 404 |');
    expect(markdown).toContain(
      'To fix: if the signer that was found is the right one, change "repository"',
    );
  });

  test('starts with an overview of several images', () => {
    const rejected = { ...NOTHING_SEEN, outcome: 'rejected', unmet: ['signature'] } as const;
    const images = [imageVerdict(accepted(), 'a:1'), imageVerdict(rejected, 'b:1')] as const;
    expect(shown(renderSummary(verifyReport(...images), []))).toContain(
      [
        '## Image verification\n',
        '1 of 2 accepted\n',
        '| image | verdict |',
        '| --- | --- |',
        '| <code>a:1</code> | ✅ accepted |',
        '| <code>b:1</code> | ❌ rejected |',
      ].join('\n'),
    );
  });

  test.each([
    ['rejected', '❌'],
    ['unattested', '❌'],
  ] as const)('marks %s', (outcome, mark) => {
    expect(
      renderSummary(
        verifyReport(imageVerdict({ ...NOTHING_SEEN, outcome, unmet: ['signature'] })),
        [],
      ),
    ).toContain(`### ${mark} ${outcome}`);
  });

  test('marks inconclusive, with the reference of an unresolved image', () => {
    const seen = { ...NOTHING_SEEN, outcome: 'inconclusive', failures: [UNREAD] } as const;
    expect(shown(renderSummary(verifyReport(imageVerdict(seen, 'app:v1')), []))).toContain(
      '### ⚠️ inconclusive: <code>app:v1</code>',
    );
  });

  test('names the place of a candidate once', () => {
    const finding = { rule: 'issuer', expected: 'a', found: 'b' };
    const [nearest, other] = ['near', 'far'].map((place) => verifiedBundle({ place, san: place }));
    const unmet = [nearest, other].flatMap((bundle) =>
      bundle ? [unacceptable(bundle, finding, { ...finding, rule: 'event' })] : [],
    );
    const seen = { ...NOTHING_SEEN, unacceptable: unmet };
    const verdict = { ...seen, outcome: 'rejected', unmet: ['signature'] } as const;
    const page = shown(renderSummary(verifyReport(imageVerdict(verdict)), []));
    expect(page).toContain('| <code>far</code> | signer |');
    expect(page).toContain('\n|  | issuer | <code>a</code> |');
    expect(page).toContain('\n|  | event | <code>a</code> |');
  });
});
