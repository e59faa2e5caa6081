// Untrusted text stays text, in the log of a runner and in Markdown.
import { describe, expect, test } from '@jest/globals';

import { forLog, forMarkdown } from '../../src/report/untrusted.ts';

describe('untrusted text in a log', () => {
  test.each([
    [
      'a line break',
      'a\n::set-output name=verdict::accepted',
      'a\\u{a}::set-output name=verdict::accepted',
    ],
    [
      'other line separators',
      'a\rb\u2028c\u2029d\u0085e\u000bf',
      'a\\u{d}b\\u{2028}c\\u{2029}d\\u{85}e\\u{b}f',
    ],
    [
      'a command within the line',
      'a ##[set-output name=verdict;]accepted',
      'a ##\\u{5b}set-output name=verdict;]accepted',
    ],
    ['a command after many characters', '####[error]', '####\\u{5b}error]'],
    ['a terminal escape', '\u001b[31mred\u009b0m', '\\u{1b}[31mred\\u{9b}0m'],
    ['bidirectional text', 'a\u202eb\u2066c\u{e0041}', 'a\\u{202e}b\\u{2066}c\\u{e0041}'],
    ['an unpaired surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['ordinary text', 'https://github.com/ä/b#[1] 日本 %0A', 'https://github.com/ä/b#[1] 日本 %0A'],
  ])('is printed as text: %s', (_, text, expected) => expect(forLog(text)).toBe(expected));
});

const joined = (markdown: string): string => markdown.replaceAll('<wbr>', '');

describe('untrusted text in Markdown', () => {
  test('contains no markup', () => {
    const markup =
      '| `code` **bold** __bold__ ~~gone~~ [link](javascript:x) ![image](x) <img src=x onerror=y> # heading &lt; \\| \n\n- item';
    expect(joined(forMarkdown(markup)).replaceAll(/&#\d+;/g, '')).not.toMatch(
      /[|`*_~[\]()!<>#&\\\n]/,
    );
    expect(
      joined(forMarkdown(markup)).replaceAll(/&#(\d+);/g, (_, code: string) =>
        String.fromCharCode(Number(code)),
      ),
    ).toBe(markup.replaceAll('\n', '\\u{a}'));
  });

  test('shows invisible characters', () =>
    expect(forMarkdown('a\u202e\nb')).toBe('a&#92;u{202e}&#92;u{a}b'));

  test.each([
    ['a URL', 'https://evil.example', 'https:<wbr>//<wbr>evil.example'],
    ['a name that starts like a URL', 'WWW.evil.example', 'WWW<wbr>.evil.example'],
    ['an email address', 'a@evil.example', 'a@<wbr>evil.example'],
    ['an email address with its scheme', 'xmpp:a@evil.example', 'xmpp:<wbr>a@<wbr>evil.example'],
    ['a mention', 'by @octocat', 'by @<wbr>octocat'],
    ['an emoji', ':skull:', ':<wbr>skull:'],
  ])('is split so that GitHub does not link it: %s', (_, text, expected) =>
    expect(forMarkdown(text)).toBe(expected),
  );

  test('breaks a long word across lines, but never a character reference', () => {
    const digest = 'ab'.repeat(32);
    expect(forMarkdown(digest)).toBe(
      [digest.slice(0, 24), digest.slice(24, 48), digest.slice(48)].join('<wbr>'),
    );
    expect(forMarkdown('<'.repeat(25))).toBe(`${'&#60;'.repeat(24)}<wbr>&#60;`);
    expect(forMarkdown('𝔸'.repeat(25))).toBe(`${'𝔸'.repeat(24)}<wbr>𝔸`);
  });
});

test.each([forLog, (text: string) => joined(forMarkdown(text))])(
  '%p shortens very long text',
  (inert) => {
    expect(inert('x'.repeat(1000))).toBe('x'.repeat(1000));
    expect(inert('x'.repeat(1_000_000))).toBe(`${'x'.repeat(1000)}…`);
  },
);
