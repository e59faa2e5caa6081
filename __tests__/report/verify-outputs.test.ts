// The outputs of a gate: names and JSON shapes that workflows rely on.
import { describe, expect, test } from '@jest/globals';

import { SIGNATURE_TYPE } from '../../src/model/types.ts';
import type { Seen } from '../../src/model/verdict.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { DIGEST, rejection, UNREAD, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { accepted, imageVerdict, NOTHING_SEEN, unacceptable, verifyReport } from './reports.ts';
import { bundle, IMAGE, NOTHING, resultsOf } from './outputs-fixture.ts';

describe('the outputs of a gate', () => {
  test('contain for accepted the pinned image and the evidence', () => {
    const outputs = outputsOf(
      verifyReport(imageVerdict(accepted(), 'ghcr.io/acme/app:v1')),
      NOTHING,
    );
    expect(outputs).toMatchObject({
      digest: DIGEST,
      image: IMAGE,
      images: IMAGE,
      verified: 'true',
      verdict: 'accepted',
    });
    expect(resultsOf(outputs)).toEqual([
      {
        image: 'ghcr.io/acme/app:v1',
        places: [],
        pinned: IMAGE,
        digest: DIGEST,
        verdict: 'accepted',
        evidence: [
          {
            requirement: 'signature',
            bundles: [bundle(SIGNATURE_TYPE, 'ghcr.io/acme/app@sha256:1234', 'registry', '123')],
          },
        ],
        unacceptable: [],
        rejections: [],
        ignored: [],
        looked: [],
        failures: [],
      },
    ]);
  });

  test('contain for rejected every candidate with its findings', () => {
    const finding = { rule: 'repository', expected: 'acme/app', found: 'mallory/app' };
    const looked = [{ place: 'referrers API', answer: '3 listed' }];
    const ignored = verifiedBundle({ predicateType: 'https://spdx.dev/Document' });
    const seen: Seen = {
      unacceptable: [unacceptable(verifiedBundle({ place: 'A' }), finding)],
      rejections: [rejection('junk', 'B')],
      ignored: [ignored],
      looked,
    };
    const outputs = outputsOf(
      verifyReport(imageVerdict({ ...seen, outcome: 'rejected', unmet: ['signature'] })),
      NOTHING,
    );
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'rejected' });
    expect(resultsOf(outputs)).toEqual([
      {
        image: IMAGE,
        places: [],
        pinned: IMAGE,
        digest: DIGEST,
        verdict: 'rejected',
        evidence: [],
        looked,
        failures: [],
        unacceptable: [{ ...bundle(SIGNATURE_TYPE, 'A', 'registry', '123'), findings: [finding] }],
        rejections: [
          {
            source: 'registry',
            place: 'B',
            code: 'SIGNATURE',
            rule: 'signature',
            expected: 'made by the key',
            found: 'junk',
            message:
              'the signature does not match this content and key (signature: expected "made by the key", found "junk")',
          },
        ],
        ignored: [
          bundle('https://spdx.dev/Document', 'ghcr.io/acme/app@sha256:1234', 'registry', '123'),
        ],
      },
    ]);
  });

  test('contain for inconclusive the reason, and no digest of an unresolved image', () => {
    const outputs = outputsOf(
      verifyReport(
        imageVerdict({ ...NOTHING_SEEN, outcome: 'inconclusive', failures: [UNREAD] }, 'app:v1'),
      ),
      NOTHING,
    );
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'inconclusive' });
    expect(resultsOf(outputs)).toEqual([
      {
        image: 'app:v1',
        places: [],
        verdict: 'inconclusive',
        evidence: [],
        unacceptable: [],
        rejections: [],
        ignored: [],
        looked: [],
        failures: [UNREAD],
      },
    ]);
  });

  test('contain no image if one of them is not accepted', () => {
    const outputs = outputsOf(
      verifyReport(
        imageVerdict(accepted()),
        imageVerdict({ ...NOTHING_SEEN, outcome: 'unattested', unmet: ['signature'] }),
      ),
      NOTHING,
    );
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'unattested' });
    expect(
      Object.keys(outputs).filter((name) => ['image', 'images', 'digest'].includes(name)),
    ).toEqual([]);
  });
});
