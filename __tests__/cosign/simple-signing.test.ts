// Payloads of cosign v2 as statements, and payloads that are invalid.
import { expect, test } from '@jest/globals';
import { parseSimpleSigning } from '../../src/cosign/simple-signing.ts';

const HEX = 'ab'.repeat(32);
const critical = {
  identity: { 'docker-reference': 'ghcr.io/acme/app' },
  image: { 'docker-manifest-digest': `sha256:${HEX}` },
  type: 'cosign container image signature',
};

function parse(payload: unknown): ReturnType<typeof parseSimpleSigning> {
  return parseSimpleSigning(
    Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  );
}

test('reads a payload as a statement for one image', () => {
  const payload = { critical, optional: { commit: '1234' } };
  expect(parse(payload)).toEqual({
    value: {
      subject: [
        { name: 'ghcr.io/acme/app', digest: { sha256: HEX }, annotations: { commit: '1234' } },
      ],
      predicateType: 'application/vnd.dev.cosign.simplesigning.v1+json',
      predicate: payload,
    },
  });
});

test('accepts a payload without a name and annotations', () => {
  expect(parse({ critical: { ...critical, identity: {} }, optional: null })).toMatchObject({
    value: { subject: [{ digest: { sha256: HEX } }] },
  });
});

test.each([
  ['text', 'hello', /it is not JSON$/],
  ['a list', [], /it has no critical part$/],
  ['without a critical part', { optional: {} }, /it has no critical part$/],
  ['with a critical part that is text', { critical: 'all of it' }, /it has no critical part$/],
  [
    'of another type',
    { critical: { ...critical, type: 'atomic container signature' } },
    /its type is "atomic container signature"$/,
  ],
  [
    'without an image digest',
    { critical: { ...critical, image: undefined } },
    /it names no sha256 digest$/,
  ],
  [
    'for a digest of another algorithm',
    { critical: { ...critical, image: { 'docker-manifest-digest': `sha512:${HEX}` } } },
    /it names no sha256 digest$/,
  ],
])('rejects a payload that is %s', (_, payload, problem) => {
  expect(parse(payload)).toMatchObject({ problem: expect.stringMatching(problem) });
});
