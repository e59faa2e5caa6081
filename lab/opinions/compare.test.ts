// When another verifier's answer is a failure of the interop run.
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

describe('an answer', () => {
  it.each<[string, Opinion, Opinion, readonly KnownDifference[], object]>([
    ['like ours', accepts, accepts, [], { outcome: 'passed', column: 'our own vectors' }],
    [
      'that differs and is not known to',
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
      'that differs and is known to of another',
      accepts,
      refuses,
      [{ ...stricter, judge: 'sigstore-python' }],
      { outcome: 'failed' },
    ],
    [
      'that is stricter as is known',
      accepts,
      refuses,
      [stricter],
      { outcome: 'passed', column: 'known differences' },
    ],
    [
      'that is looser as is known',
      refuses,
      accepts,
      [looser],
      { outcome: 'passed', column: 'known differences' },
    ],
    [
      'that is stricter for another reason',
      accepts,
      { ...refuses, reason: 'expired' },
      [stricter],
      { outcome: 'failed', detail: expect.stringMatching(/another reason/) },
    ],
    ['that is looser where stricter is known', refuses, accepts, [stricter], { outcome: 'failed' }],
    ['that is stricter where looser is known', accepts, refuses, [looser], { outcome: 'failed' }],
    [
      'that differs now and then',
      accepts,
      accepts,
      [{ ...stricter, varies: true }],
      { outcome: 'passed' },
    ],
    [
      'that refuses all of a kind',
      refuses,
      refuses,
      [{ ...stricter, unread: true, vectors: ['another'] }],
      { outcome: 'impossible', detail: expect.stringMatching(/it reads less/) },
    ],
    [
      'that refuses like ours, for a reason of its own',
      refuses,
      { ...refuses, reason: 'expired' },
      [{ ...stricter, unread: true, vectors: ['another'] }],
      { outcome: 'passed' },
    ],
    [
      'named by the beginning of its name',
      accepts,
      refuses,
      [{ ...stricter, vectors: ['vec*'] }],
      { outcome: 'passed', column: 'known differences' },
    ],
    [
      'that no longer differs',
      accepts,
      accepts,
      [stricter],
      { outcome: 'failed', detail: expect.stringMatching(/no longer differs/) },
    ],
  ])('%s', (_, ours, theirs, differences, check) => {
    expect(compare('cosign v3', [answered(ours, theirs)], differences)).toEqual([
      expect.objectContaining(check),
    ]);
  });
});

it('misses a vector that a difference names, where its collection is here', () => {
  expect(unasked('cosign v3', [], () => true, [stricter])).toEqual([
    expect.objectContaining({ outcome: 'failed', name: 'vector' }),
  ]);
  expect(unasked('cosign v3', [], () => false, [stricter])).toEqual([]);
  expect(unasked('cosign v3', ['vector'], () => true, [stricter])).toEqual([]);
});
