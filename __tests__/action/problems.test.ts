// Lists as users write them.
import { expect, test } from '@jest/globals';

import { listOf } from '../../src/action/problems.ts';

test.each([
  ['', []],
  [' \n, ,\r\n', []],
  ['a', ['a']],
  ['a\nb', ['a', 'b']],
  ['a, b ,c', ['a', 'b', 'c']],
  ['\n  a\r\n  b,\n', ['a', 'b']],
])('splits %j', (text, items) => expect(listOf(text)).toEqual(items));
