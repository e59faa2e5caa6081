// Untrusted text is text in a job summary: it never becomes markup or a link.
import { expect, test } from '@jest/globals';

import type { ImageVerdict, Seen } from '../../src/model/verdict.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { forMarkdown } from '../../src/report/untrusted.ts';
import { rejection, UNREAD, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { accepted, imageVerdict, signedBy, unacceptable, verifyReport } from './reports.ts';

const plain = 'PLAIN';
const evil =
  '| `x` </code> <img src=x> [a](b) ![c](d) *e* _f_ ~~g~~\n\n# h\r\n| --- |\n```\n&amp; \\|';

const images = (text: string): readonly ImageVerdict[] => {
  const bundle = verifiedBundle({
    san: text,
    issuer: text,
    predicateType: text,
    place: text,
    log: text,
    index: text,
    claims: {
      sourceRepositoryUri: text,
      sourceRepositoryRef: text,
      sourceRepositoryDigest: text,
      runInvocationUri: text,
      buildTrigger: text,
    },
  });
  const seen: Seen = {
    unacceptable: [unacceptable(bundle, { rule: text, expected: text, found: text })],
    rejections: [rejection(text, text)],
    ignored: [bundle],
    looked: [{ place: text, answer: text }],
  };
  return [
    imageVerdict(accepted(bundle, text), text),
    imageVerdict({ ...seen, outcome: 'rejected', unmet: [text] }, text),
    imageVerdict(
      {
        ...seen,
        outcome: 'inconclusive',
        failures: [{ ...UNREAD, message: text, remedy: text }],
      },
      text,
    ),
  ];
};

test.each([0, 1, 2])('renders untrusted text of a verdict as text: image %i', (index) => {
  const rendered = (text: string): string => {
    const image = images(text)[index];
    return image ? renderSummary(verifyReport(image), []) : '';
  };
  const without = (markdown: string, text: string): string =>
    markdown.replaceAll(forMarkdown(text), '').replaceAll(/PLAIN/g, '');
  expect(without(rendered(evil), evil)).toBe(without(rendered(plain), plain));
});

test('renders untrusted text of a signature as text', () => {
  const rendered = (text: string): string =>
    renderSummary(
      signedBy(verifiedBundle({ san: text, issuer: text, log: text, index: text })),
      [],
    ).replaceAll(forMarkdown(text), '');
  expect(rendered(evil)).toBe(rendered(plain));
});

test('renders no link in place of a log index', () => {
  const index = '1](https://evil.example)[';
  expect(renderSummary(signedBy(verifiedBundle({ index })), [])).toContain(
    `| log entry | ${forMarkdown(`${index} in https://rekor.sigstore.dev`)} |`,
  );
});

test.each([
  'http://evil.example',
  'https://evil.example/)[x](y',
  'https://evil.example/|x|',
  'https://evil.example/<b>',
  'javascript:evil',
])('renders no link in place of a source: %s', (sourceRepositoryUri) => {
  const bundle = verifiedBundle({ claims: { sourceRepositoryUri } });
  expect(renderSummary(signedBy(bundle), [])).toContain(
    `| source | ${forMarkdown(sourceRepositoryUri)} `,
  );
});
