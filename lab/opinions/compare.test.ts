// When another verifier's result is a failure of the interop run.
import { describe, expect, it } from '@jest/globals';
import { type Answered, compare, unasked } from './compare.ts';
import type { KnownDifference } from './differences/difference.ts';
import type { Opinion } from './judge.ts';

const stricter: KnownDifference = {
  what: 'it reads less',
  judge: 'cosign v3',
  refusal: /unsupported/,
  vectors: ['vector'],
};
const looser: KnownDifference = {
  what: 'it looks at less',
  judge: 'cosign v3',
  vectors: ['vector'],
};

const accepts: Opinion = { accepted: true, reason: 'verified' };
const refuses: Opinion = { accepted: false, reason: 'unsupported entry' };

function answered(ours: Opinion, theirs: Opinion): Answered {
  const question: Answered['question'] = {
    name: 'vector',
    collection: 'our own vectors',
    bundle: '',
    trustedRoot: '',
    signer: { kind: 'key', path: '' },
    artifact: { path: '' },
    refusal: undefined,
  };
  return { question, ours, theirs };
}

describe('a result of another verifier', () => {
  it.each<[string, Opinion, Opinion, readonly KnownDifference[], object]>([
    ['the same as ours', accepts, accepts, [], { outcome: 'passed', column: 'our own vectors' }],
    [
      'an unknown difference',
      accepts,
      refuses,
      [],
      {
        outcome: 'failed',
        detail: expect.stringMatching(
          /no known difference names it: it refuses, we accept: unsupported entry/,
        ),
      },
    ],
    [
      'a difference that is known for another verifier',
      accepts,
      refuses,
      [{ ...stricter, judge: 'sigstore-python' }],
      { outcome: 'failed' },
    ],
    [
      'stricter, as known',
      accepts,
      refuses,
      [stricter],
      { outcome: 'passed', column: 'known differences' },
    ],
    [
      'looser, as known',
      refuses,
      accepts,
      [looser],
      { outcome: 'passed', column: 'known differences' },
    ],
    [
      'stricter for another reason',
      accepts,
      { ...refuses, reason: 'expired' },
      [stricter],
      { outcome: 'failed', detail: expect.stringMatching(/another reason/) },
    ],
    ['looser although known as stricter', refuses, accepts, [stricter], { outcome: 'failed' }],
    ['stricter although known as looser', accepts, refuses, [looser], { outcome: 'failed' }],
    [
      'an intermittent difference',
      accepts,
      accepts,
      [{ ...stricter, varies: true }],
      { outcome: 'passed' },
    ],
    [
      'a rejection of a whole kind',
      refuses,
      refuses,
      [{ ...stricter, unread: true, vectors: ['another'] }],
      { outcome: 'impossible', detail: expect.stringMatching(/it reads less/) },
    ],
    [
      'a rejection like ours for another reason',
      refuses,
      { ...refuses, reason: 'expired' },
      [{ ...stricter, unread: true, vectors: ['another'] }],
      { outcome: 'passed' },
    ],
    [
      'a difference named by a prefix',
      accepts,
      refuses,
      [{ ...stricter, vectors: ['vec*'] }],
      { outcome: 'passed', column: 'known differences' },
    ],
    [
      'a known difference that no longer exists',
      accepts,
      accepts,
      [stricter],
      { outcome: 'failed', detail: expect.stringMatching(/no longer differs/) },
    ],
  ])('is compared: %s', (_, ours, theirs, differences, check) => {
    expect(compare('cosign v3', [answered(ours, theirs)], differences)).toEqual([
      expect.objectContaining(check),
    ]);
  });
});

it('reports a missing vector that a difference names if its collection is present', () => {
  expect(unasked('cosign v3', [], () => true, [stricter])).toEqual([
    expect.objectContaining({ outcome: 'failed', name: 'vector' }),
  ]);
  expect(unasked('cosign v3', [], () => false, [stricter])).toEqual([]);
  expect(unasked('cosign v3', ['vector'], () => true, [stricter])).toEqual([]);
});
