// Verifies images: each independently; the worst verdict is that of the step.
import { sideBySide } from './concurrency/side-by-side.ts';
import { type GateServices, judge } from './gate.ts';
import { isNonEmpty, type NonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { Reference } from './model/reference.ts';
import type { VerifyReport } from './model/report.ts';
import type { Outcome } from './model/verdict.ts';
import { insecureIn } from './policy/authorities.ts';

/** Images that are verified at once. */
const WIDTH = 16;
/** From most to least important. */
const WORST_FIRST: readonly Outcome[] = ['rejected', 'unattested', 'inconclusive', 'accepted'];

export async function verify(
  references: NonEmpty<Reference>,
  policies: NonEmpty<Policy>,
  services: GateServices,
): Promise<VerifyReport> {
  const images = await sideBySide(references, WIDTH, (reference) =>
    judge(reference, policies, services),
  );
  if (!isNonEmpty(images)) throw new RangeError('a request without images');
  const outcome = WORST_FIRST.find((each) =>
    images.some(({ verdict }) => verdict.outcome === each),
  );
  return {
    mode: 'verify',
    images,
    outcome: outcome ?? 'inconclusive',
    insecure: insecureIn(policies),
  };
}
