// The description of a status, which contains nothing of a redirect except its target.
import { expect, test } from '@jest/globals';

import { describeStatus } from '../../src/http/status.ts';

test.each<[number, string | undefined, string]>([
  [404, undefined, '404'],
  [200, 'https://elsewhere.example', '200'],
  [404, 'https://elsewhere.example', '404'],
  [304, undefined, '304'],
  [307, 'http://[', '307'],
  [
    307,
    'https://elsewhere.example/path?sig=SECRET',
    '307, a redirect to https://elsewhere.example, which is not followed',
  ],
  [302, '/path', '302, a redirect to https://here.example, which is not followed'],
  [
    301,
    'https://user:SECRET@elsewhere.example:444/',
    '301, a redirect to https://elsewhere.example:444, which is not followed',
  ],
])('describes %d with the location %s', (status, location, expected) => {
  const headers = new Headers(location === undefined ? {} : { location });
  expect(describeStatus({ status, headers, url: new URL('https://here.example/a') })).toBe(
    expected,
  );
});
