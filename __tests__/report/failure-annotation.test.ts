// The annotation of an image that is not accepted.
import { describe, expect, test } from '@jest/globals';

import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import { LOG_OR_TIMESTAMP } from '../../src/model/rejection.ts';
import type { Seen } from '../../src/model/verdict.ts';
import { failureOf } from '../../src/report/explain.ts';
import { rejection, UNREAD, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { imageVerdict, NOTHING_SEEN, unacceptable } from './reports.ts';
import { foreign, IMAGE, issuer, looked, rejected, repository } from './explain-fixture.ts';

describe('the annotation of an image that is not accepted', () => {
  test('reports for unattested the number of searched places and a remedy', () => {
    expect(
      failureOf(
        imageVerdict({ ...NOTHING_SEEN, outcome: 'unattested', unmet: ['signature'], looked }),
      ),
    ).toEqual({
      message: `Cannot accept "${IMAGE}": unattested, no signature or attestation found (2 places searched, listed in the log)`,
      remedy:
        'sign the image in the workflow that builds it, before this step; for one platform of a signed multi-platform image, verify the index instead',
    });
  });

  test('reports for inconclusive the first failure, with the reference if nothing was resolved', () => {
    expect(
      failureOf(
        imageVerdict(
          { ...NOTHING_SEEN, outcome: 'inconclusive', failures: [UNREAD] },
          'ghcr.io/acme/app:v1',
        ),
      ),
    ).toEqual({
      message: 'Cannot verify "ghcr.io/acme/app:v1": inconclusive. Cannot reach "ghcr.io"',
      remedy: 'run the job again',
    });
  });

  test('describes for rejected the candidate with the fewest findings', () => {
    const far = unacceptable(verifiedBundle(), issuer, repository);
    const { message, remedy } = failureOf(
      rejected({ unacceptable: [far, foreign], rejections: [rejection()] }),
    );
    expect(message).toBe(
      `Cannot accept "${IMAGE}": rejected, no acceptable signature and no acceptable provenance. repository: expected "${repository.expected}", found "${repository.found}"`,
    );
    expect(remedy).toBe(
      'if the signer that was found is the right one, change "repository"; otherwise do not deploy this image',
    );
  });

  test('explains how to add provenance to a signature', () => {
    const verdict = imageVerdict({
      ...NOTHING_SEEN,
      ignored: [verifiedBundle()],
      outcome: 'rejected',
      unmet: ['provenance'],
    });
    expect(failureOf(verdict).remedy).toBe(
      'set "attestations: provenance" in the step that signs the image',
    );
  });

  test.each<[string, Partial<Seen>, string, string]>([
    [
      'an invalid bundle',
      { rejections: [rejection()], ignored: [verifiedBundle()] },
      'signature: expected "made by the key", found "another"',
      'do not deploy it as is',
    ],
    [
      'a key signature without a log entry or timestamp',
      {
        rejections: [
          {
            ...rejection(),
            code: 'TRANSPARENCY_LOG',
            finding: { rule: LOG_OR_TIMESTAMP, expected: 'at least one', found: 'neither' },
          },
        ],
      },
      'found "neither"',
      'set "insecure-ignore-tlog: true"',
    ],
    [
      'another type only',
      { ignored: [verifiedBundle({ predicateType: PROVENANCE_TYPE })] },
      `Found only a bundle of type ${PROVENANCE_TYPE}`,
      'list the type that was found in "require"',
    ],
  ])('reports a rejection for %s', (_, seen, state, todo) => {
    const { message, remedy } = failureOf(rejected(seen));
    expect(message).toContain(state);
    expect(remedy).toContain(todo);
  });
});
