// The input `annotations`, pairs that are signed with the image.
import { describe, expect, test } from '@jest/globals';

import { parseAnnotations } from '../../src/action/annotations.ts';
import { Problems } from '../../src/action/problems.ts';
import type { Annotations } from '../../src/model/claim.ts';

function parse(text: string): Annotations {
  const problems = new Problems();
  return problems.conclude(parseAnnotations(text, problems));
}

test('pairs are split at the first "=", and sorted', () => {
  const annotations = parse('run = 42\n\nenv=prod, eu\n b64=YQ==\n__proto__=x');
  expect(JSON.stringify(annotations)).toBe(
    '{"__proto__":"x","b64":"YQ==","env":"prod, eu","run":"42"}',
  );
});

test('nothing is no annotation', () => expect(parse('\n')).toEqual({}));

describe('refused is', () => {
  test.each([
    ['what has no "="', 'env', '"env" has no "="'],
    ['what has no key', '=prod', '"=prod" has no key'],
    ['what has no value', 'env=', '"env=" has no value'],
    ['a key twice', 'env=prod\nenv=test', '"env" is there twice'],
    ['what Podman reads as a number', 'timestamp=now', '"timestamp" is a number to Podman'],
    ['more than anybody needs', `a=${'x'.repeat(16 << 10)}`, 'they have 16386 characters'],
  ])('%s', (_, text, problem) => {
    expect(() => parse(text)).toThrow(`Cannot use "annotations": ${problem}`);
  });
});
