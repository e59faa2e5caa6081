// The link to the next page, as servers write it.
import { expect, test } from '@jest/globals';

import { nextLinkIn } from '../../src/http/link.ts';

test.each([
  ['</v2/a/referrers?n=2>; rel="next"', '/v2/a/referrers?n=2'],
  ['<https://api.example/p?after=x>;rel=next', 'https://api.example/p?after=x'],
  ['<https://api.example/p>; REL="Next"', 'https://api.example/p'],
  [
    '<https://api.example/1>; rel="prev", <https://api.example/3>; rel="next"',
    'https://api.example/3',
  ],
  ['<https://api.example/1>; rel="prev"', undefined],
  ['', undefined],
])('reads the next page from %s', (link, next) =>
  expect(nextLinkIn(new Headers({ link }))).toBe(next),
);

test('has no next page without a header', () => expect(nextLinkIn(new Headers())).toBeUndefined());
