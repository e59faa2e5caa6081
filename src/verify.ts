// The gate: resolve each image once, find every bundle about it, verify each on its own, hold what holds against the policy.
import { actionErrorsOf, settle, type Settled } from './errors.ts';
import type { FoundBundle } from './model/bundle.ts';
import { isNonEmpty, type NonEmpty } from './model/parsed.ts';
import type { Reference } from './model/reference.ts';
import type { VerifyReport } from './model/report.ts';
import type { Requirements, VerifyRequest } from './model/request.ts';
import type { Subject } from './model/subject.ts';
import type { Checked, Failure, ImageVerdict, Outcome, Verdict } from './model/verdict.ts';
import { evaluate, type Gathered } from './policy/evaluate.ts';
import type { Verify } from './sigstore/verifier.ts';
import type { Source } from './sources/source.ts';
import type { Resolve } from './subjects/resolve.ts';

export interface VerifyServices {
  readonly resolve: Resolve;
  readonly sources: NonEmpty<Source>;
  readonly loadVerifier: () => Promise<Verify>;
}

/** From what must be looked at first to what is fine. */
const WORST_FIRST: readonly Outcome[] = ['rejected', 'unattested', 'inconclusive', 'accepted'];

export async function verify(
  request: VerifyRequest,
  services: VerifyServices,
): Promise<VerifyReport> {
  const images = await Promise.all(
    request.images.map((reference) => judge(reference, request.requirements, services)),
  );
  if (!isNonEmpty(images)) throw new RangeError('a request without images');
  const outcome =
    WORST_FIRST.find((each) => images.some(({ verdict }) => verdict.outcome === each)) ??
    'inconclusive';
  return { mode: 'verify', images, outcome, insecure: insecureIn(request.requirements) };
}

function insecureIn({ signer }: Requirements): readonly string[] {
  return signer.kind === 'key' && signer.witness === 'insecure-ignored'
    ? [
        'insecure-ignore-tlog: nobody has witnessed when the key signed, so a stolen and revoked key still passes',
      ]
    : [];
}

async function judge(
  reference: Reference,
  requirements: Requirements,
  services: VerifyServices,
): Promise<ImageVerdict> {
  const stop = new AbortController();
  let subject: Subject | undefined;
  try {
    const resolved = await services.resolve(reference);
    subject = resolved.subject;
    const [verdict] = await Promise.all([
      gather(subject, requirements, services, stop.signal),
      resolved.confirmed,
    ]);
    return { reference: reference.text, subject, verdict };
  } catch (error) {
    const [failure, ...failures] = actionErrorsOf(error);
    if (!failure) throw error;
    return {
      reference: reference.text,
      subject,
      verdict: {
        outcome: outcomeOf(failure),
        failures: [failure, ...failures],
        rejections: [],
        unacceptable: [],
        ignored: [],
        looked: [],
      },
    };
  } finally {
    stop.abort();
  }
}

/** A tag that points elsewhere or bytes that are not those of the digest: that is known, and not merely unchecked. */
function outcomeOf({ code }: Failure): 'rejected' | 'inconclusive' {
  return code === 'SUBJECT_MOVED' || code === 'DIGEST_MISMATCH' ? 'rejected' : 'inconclusive';
}

/** Stops asking as soon as the evidence is complete: more bundles could not take it away. */
async function gather(
  subject: Subject,
  requirements: Requirements,
  { sources, loadVerifier }: VerifyServices,
  signal: AbortSignal,
): Promise<Verdict> {
  const discoveries = sources.flatMap((source) => source.find(subject, signal));
  const verifyOne = await loadVerifier();
  let gathered: Gathered = { checked: [], looked: [], failures: [] };
  let verdict = evaluate(requirements, gathered);
  for await (const { found, looked, failures } of inOrderOfArrival(discoveries)) {
    const { values: checked, failures: unchecked } = await checkEach(found, subject, verifyOne);
    gathered = {
      checked: [...gathered.checked, ...checked],
      looked: [...gathered.looked, ...looked],
      failures: [...gathered.failures, ...failures, ...unchecked],
    };
    verdict = evaluate(requirements, gathered);
    if (verdict.outcome === 'accepted') break;
  }
  return verdict;
}

/** One after the other: signatures take milliseconds of computing each, and the verifier gives timers and sockets their turn in between. */
async function checkEach(
  found: readonly FoundBundle[],
  { digest }: Subject,
  verifyOne: Verify,
): Promise<Settled<Checked>> {
  const outcomes: Settled<Checked>[] = [];
  for (const bundle of found) outcomes.push(await settle([verifyOne(bundle, digest)]));
  return {
    values: outcomes.flatMap(({ values }) => values),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

async function* inOrderOfArrival<T>(promises: readonly Promise<T>[]): AsyncGenerator<T> {
  const pending = new Map(
    promises.map((promise, index) => [index, promise.then((value) => ({ index, value }))]),
  );
  while (pending.size > 0) {
    const { index, value } = await Promise.race(pending.values());
    pending.delete(index);
    yield value;
  }
}
