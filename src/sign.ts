// Signs images: prepare everything that could refuse, sign once, check our own work, store it, read it back.
import { ActionError, allOrProblems } from './errors.ts';
import type { SignedBundle, StoredBundle, VerifiedBundle } from './model/bundle.ts';
import { isNonEmpty, type NonEmpty } from './model/non-empty.ts';
import type { ReportedBundle, SignReport } from './model/report.ts';
import type { PredicateName, SignRequest } from './model/request.ts';
import { formatSubject, groupByDigest } from './model/subject.ts';
import type { TokenClaims } from './model/token.ts';
import type { MakeStatement } from './predicates/predicate.ts';
import type { Signer } from './sigstore/sign/signer.ts';
import type { Conclude } from './sigstore/verify/verifier.ts';
import type { Store } from './stores/store.ts';

export interface SignServices {
  readonly stores: NonEmpty<Store>;
  readonly predicates: Readonly<Record<PredicateName, MakeStatement>>;
  /** The identity token's claims and a signer with its certificate. */
  readonly identify: () => Promise<{ readonly claims: TokenClaims; readonly signer: Signer }>;
  readonly loadVerifier: () => Promise<Conclude>;
  /** Keeps the bundles in files before anything is stored, so that no signature is lost. */
  readonly keep: (
    bundles: readonly SignedBundle[],
  ) => Promise<{ readonly all: string; readonly files: readonly string[] }>;
}

export async function sign(request: SignRequest, services: SignServices): Promise<SignReport> {
  // Side by side, and all their problems at once: nothing is in the transparency log before every store has said that it will take it.
  const [prepared, { claims, signer }, verify] = await allOrProblems([
    allOrProblems(
      services.stores.map((store) => store.prepare(request.subjects, request.predicates)),
    ),
    services.identify(),
    services.loadVerifier(),
  ] as const);

  const signed = await allOrProblems(
    groupByDigest(request.subjects).flatMap((subjects) =>
      request.predicates.map((name) =>
        signer.sign(services.predicates[name](subjects, claims), subjects),
      ),
    ),
  );
  const kept = await services.keep(signed);
  const verified = await Promise.all(signed.map((bundle) => selfCheck(bundle, verify, kept.all)));

  const outcomes = await Promise.all(
    prepared.map((store) =>
      store.store(signed.filter(({ predicateType }) => store.takes(predicateType))),
    ),
  );
  const stored = outcomes.flatMap((outcome) => outcome.stored);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const bundles = signed.flatMap((bundle, index): ReportedBundle[] => {
    const [check, file] = [verified[index], kept.files[index]];
    return check && file !== undefined
      ? [
          {
            signed: bundle,
            verified: check,
            file,
            stored: stored.filter((each) => isOf(each, bundle)),
          },
        ]
      : [];
  });
  if (!isNonEmpty(bundles)) throw new RangeError('a request without subjects');
  return { mode: 'sign', subjects: request.subjects, bundles, bundlePath: kept.all, failures };
}

/** What we would not accept ourselves is never stored. */
async function selfCheck(
  bundle: SignedBundle,
  verify: Conclude,
  kept: string,
): Promise<VerifiedBundle> {
  const [subject] = bundle.subjects;
  const found = { source: 'this step', place: 'this step', json: bundle.json } as const;
  const checked = await verify(found, subject.digest);
  if ('verified' in checked) return checked.verified;
  const { code, finding } = checked.rejected;
  throw new ActionError('bundle', 'BUNDLE_SELF_CHECK', {
    message: `Cannot store the signature of "${formatSubject(subject)}": it does not verify (${code}), ${finding.rule} is not ${finding.expected}: ${finding.found}`,
    remedy: `pass the "trusted-root" that belongs to the signing configuration in "sigstore"; the bundle is kept in ${kept}`,
  });
}

function isOf({ subject, predicateType }: StoredBundle, bundle: SignedBundle): boolean {
  return (
    predicateType === bundle.predicateType &&
    bundle.subjects.some((each) => formatSubject(each) === formatSubject(subject))
  );
}
