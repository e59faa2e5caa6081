// What a gate says of one image, as the tables of signers and of circumstances assert it.
import { expect } from '@jest/globals';

import type { ActionResult } from '../../lab/runner/run-action.ts';

export function expectAccepted(
  { exit, annotations, outputs }: ActionResult,
  reference: string,
): void {
  expect({ exit, annotations, image: outputs['image'] }).toEqual({
    exit: 0,
    annotations: [],
    image: reference,
  });
}

/** With these findings in the only signature. */
export function expectRejected({ exit, outputs }: ActionResult, findings: readonly object[]): void {
  expect({ exit, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({
    exit: 1,
    verdict: 'rejected',
    image: undefined,
  });
  expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([{ unacceptable: [{ findings }] }]);
}
