// The input `annotations`, pairs that are signed with the image.
import { describe, expect, test } from '@jest/globals';

import { parseAnnotations } from '../../src/action/annotations.ts';
import { Problems } from '../../src/action/problems.ts';
import type { Annotations } from '../../src/model/claim.ts';

function parse(text: string): Annotations {
  const problems = new Problems();
  return problems.conclude(parseAnnotations(text, problems));
}

test('splits pairs at the first "=" and sorts them', () => {
  const annotations = parse('run = 42\n\nenv=prod, eu\n b64=YQ==\n__proto__=x');
  expect(JSON.stringify(annotations)).toBe(
    '{"__proto__":"x","b64":"YQ==","env":"prod, eu","run":"42"}',
  );
});

test('is empty for an empty input', () => expect(parse('\n')).toEqual({}));

describe('an invalid annotation', () => {
  test.each([
    ['text without "="', 'env', '"env" has no "="'],
    ['a pair without a key', '=prod', '"=prod" has no key'],
    ['a pair without a value', 'env=', '"env=" has no value'],
    ['a duplicate key', 'env=prod\nenv=test', '"env" is there twice'],
    ['a value that Podman reads as a number', 'timestamp=now', '"timestamp" is a number to Podman'],
    ['too many pairs', `a=${'x'.repeat(16 << 10)}`, 'they have 16386 characters'],
  ])('is rejected: %s', (_, text, problem) => {
    expect(() => parse(text)).toThrow(`Cannot use "annotations": ${problem}`);
  });
});
