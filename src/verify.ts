// Verifies images: each independently; the worst verdict is that of the step.
import { sideBySide } from './concurrency/side-by-side.ts';
import { type GateServices, judge } from './gate.ts';
import { isNonEmpty, type NonEmpty } from './model/non-empty.ts';
import type { Policy } from './model/policy.ts';
import type { VerifyReport } from './model/report.ts';
import type { VerifyRequest } from './model/request.ts';
import type { Outcome } from './model/verdict.ts';
import { insecureIn } from './policy/authorities.ts';

/** Images that are verified at once. */
const WIDTH = 16;
/** From most to least important. */
const WORST_FIRST: readonly Outcome[] = ['rejected', 'unattested', 'inconclusive', 'accepted'];

export async function verify(
  { images: references, onFailure }: Pick<VerifyRequest, 'images' | 'onFailure'>,
  policies: NonEmpty<Policy>,
  services: GateServices,
): Promise<VerifyReport> {
  const verdicts = await sideBySide(references, WIDTH, (reference) =>
    judge(reference, policies, services),
  );
  const images = verdicts.flat();
  if (!isNonEmpty(images)) throw new RangeError('a request without images');
  const outcome = WORST_FIRST.find((each) =>
    images.some(({ verdict }) => verdict.outcome === each),
  );
  return {
    mode: 'verify',
    images,
    outcome: outcome ?? 'inconclusive',
    onFailure,
    insecure: insecureIn(policies),
  };
}
