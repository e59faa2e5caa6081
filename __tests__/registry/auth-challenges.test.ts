// Challenges of registries, as the header is parsed.
import { describe, expect, test } from '@jest/globals';

import { parseChallenges } from '../../src/registry/auth.ts';

describe('a challenge', () => {
  test.each<[string, object[]]>([
    ['', []],
    ['Basic', [{ scheme: 'basic', parameters: {} }]],
    ['Basic realm="Registry"', [{ scheme: 'basic', parameters: { realm: 'Registry' } }]],
    [
      'BEARER Realm="https://a/token",SERVICE=registry , scope="repository:a:pull,push"',
      [
        {
          scheme: 'bearer',
          parameters: {
            realm: 'https://a/token',
            service: 'registry',
            scope: 'repository:a:pull,push',
          },
        },
      ],
    ],
    [
      'Bearer realm="https://a", Basic realm="b, Basic realm=c"',
      [
        { scheme: 'bearer', parameters: { realm: 'https://a' } },
        { scheme: 'basic', parameters: { realm: 'b, Basic realm=c' } },
      ],
    ],
    [
      'Negotiate abc, Basic realm="b"',
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'basic', parameters: { realm: 'b' } },
      ],
    ],
    [
      'Bearer realm="a \\"quoted\\" \\\\ one"',
      [{ scheme: 'bearer', parameters: { realm: 'a "quoted" \\ one' } }],
    ],
    ['Bearer realm = "https://a"', [{ scheme: 'bearer', parameters: { realm: 'https://a' } }]],
    ['Bearer realm=https://a', [{ scheme: 'bearer', parameters: { realm: 'https://a' } }]],
  ])('is parsed: %s', (header, challenges) =>
    expect(parseChallenges(header)).toMatchObject(challenges),
  );

  test('is parsed in linear time in a long header', () => {
    const started = process.cpuUsage().user;
    for (const part of ['a', 'a=', 'a="', '\\"', 'a ', 'a,'])
      parseChallenges(`Bearer ${part.repeat(8000)}`);
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(5000);
  });
});
