// Verifies what the step signed, as the gate would: what our own verifier rejects is never stored.
import { ActionError } from './errors.ts';
import {
  isWitnessed,
  type KeptBundle,
  type MadeBundle,
  type VerifiedBundle,
} from './model/bundle.ts';
import { formatSubject, type Subject } from './model/subject.ts';
import type { Rejection } from './model/rejection.ts';
import type { Conclude } from './sigstore/verify/verifier.ts';

/** The only place where a kept bundle becomes a made one. */
export async function selfCheck(bundle: KeptBundle, verify: Conclude): Promise<MadeBundle> {
  const [first, ...others] = bundle.signed.subjects;
  const verified = await verifiedFor(first, bundle, verify);
  // A verifier checks one digest at a time.
  const digests = new Set([first.digest]);
  for (const subject of others) {
    if (digests.has(subject.digest)) continue;
    digests.add(subject.digest);
    await verifiedFor(subject, bundle, verify);
  }
  return { ...bundle, verified };
}

async function verifiedFor(
  subject: Subject,
  { signed: { json, layer }, file }: KeptBundle,
  verify: Conclude,
): Promise<VerifiedBundle> {
  const found = {
    source: 'this step',
    place: 'this step',
    json,
    ...(layer && { layer: layer.blob }),
  } as const;
  const checked = await verify(found, subject.digest);
  if ('rejected' in checked) throw failedCheck(subject, checked.rejected, file);
  // All verifiers require a log entry or a timestamp, also for a key.
  if (!isWitnessed(checked.verified))
    throw failedCheck(subject, checked.verified.unwitnessed, file);
  return checked.verified;
}

function failedCheck(subject: Subject, { code, finding }: Rejection, file: string): ActionError {
  return new ActionError('bundle', 'BUNDLE_SELF_CHECK', {
    message: `Cannot store the signature of "${formatSubject(subject)}": it does not verify (${code}), ${finding.rule} is not ${finding.expected}: ${finding.found}`,
    remedy: `pass the "trusted-root" that belongs to the signing configuration in "sigstore"; the bundle is kept in ${file}`,
  });
}
