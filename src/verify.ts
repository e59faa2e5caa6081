// Verifies images: each independently; the worst verdict is that of the step.
import { sideBySide } from './concurrency/side-by-side.ts';
import { type GateServices, judge } from './gate.ts';
import { isNonEmpty } from './model/non-empty.ts';
import type { VerifyReport } from './model/report.ts';
import type { Requirements, VerifyRequest } from './model/request.ts';
import type { Outcome } from './model/verdict.ts';

/** Images that are verified at once. */
const WIDTH = 16;
/** From most to least important. */
const WORST_FIRST: readonly Outcome[] = ['rejected', 'unattested', 'inconclusive', 'accepted'];

export async function verify(
  { images: references, requirements }: VerifyRequest,
  services: GateServices,
): Promise<VerifyReport> {
  const images = await sideBySide(references, WIDTH, (reference) =>
    judge(reference, requirements, services),
  );
  if (!isNonEmpty(images)) throw new RangeError('a request without images');
  const outcome = WORST_FIRST.find((each) =>
    images.some(({ verdict }) => verdict.outcome === each),
  );
  return {
    mode: 'verify',
    images,
    outcome: outcome ?? 'inconclusive',
    insecure: insecureIn(requirements),
  };
}

function insecureIn({ signer }: Requirements): readonly string[] {
  return signer.kind === 'key' && signer.witness === 'insecure-ignored'
    ? [
        'insecure-ignore-tlog: the time of signing is not verified, so a signature made with a stolen or retired key is accepted',
      ]
    : [];
}
