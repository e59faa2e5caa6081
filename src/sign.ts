// Signs images: check everything that can fail, sign once, verify the bundles, store them, read them back, tag the images.
import { ActionError, allOrProblems, settle } from './errors.ts';
import {
  isWitnessed,
  type KeptBundle,
  type MadeBundle,
  type SignedBundle,
  type StoredBundle,
  type VerifiedBundle,
} from './model/bundle.ts';
import type { Claim } from './model/claim.ts';
import { flatten, mapEach, type NonEmpty } from './model/non-empty.ts';
import type { InstanceName, ReportedBundle, SignReport } from './model/report.ts';
import type { SignRequest } from './model/request.ts';
import { distinctSubjects, formatSubject, type Subject } from './model/subject.ts';
import type { TokenClaims } from './model/token.ts';
import type { Rejection } from './model/verdict.ts';
import type { MakeStatement } from './predicates/predicate.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';
import type { Conclude } from './sigstore/verify/verifier.ts';
import type { PreparedStore, Store, StoreOutcome } from './stores/store.ts';
import type { Tagger } from './tagging/tagger.ts';

export interface SignServices {
  /** What each statement is about, an image first; throws what keeps one from being known. */
  readonly resolve: () => Promise<NonEmpty<NonEmpty<Subject>>>;
  readonly stores: NonEmpty<Store>;
  readonly statementOf: (claim: Claim) => MakeStatement;
  /** A signer with its certificate or key, and the identity token's claims where one was requested. */
  readonly identify: () => Promise<{
    readonly instance: InstanceName;
    readonly claims: TokenClaims | undefined;
    readonly signer: StatementSigner;
  }>;
  readonly loadVerifier: () => Promise<Conclude>;
  /** Keeps the bundles in files before anything is stored, so that no signature is lost; `all` is the file with every one. */
  readonly keep: (
    signed: NonEmpty<SignedBundle>,
  ) => Promise<{ readonly all: string; readonly bundles: NonEmpty<KeptBundle> }>;
  readonly tagger: Tagger;
}

export async function sign(request: SignRequest, services: SignServices): Promise<SignReport> {
  const groups = await services.resolve();
  const subjects = distinctSubjects(flatten(groups));

  // In parallel, reporting all problems at once: nothing is logged before every store is known to accept it.
  const [stores, { instance, claims, signer }, verify, tags] = await allOrProblems([
    allOrProblems(services.stores.map((store) => store.prepare(subjects, request.claims))),
    services.identify(),
    services.loadVerifier(),
    services.tagger.prepare(request.tags),
  ] as const);

  const signing = mapEach(groups, (group) =>
    mapEach(request.claims, (claim) =>
      signer.sign(services.statementOf(claim)(group, claims), group),
    ),
  );
  const signed = await allOrProblems(flatten(signing));
  const kept = await services.keep(signed);
  const made = await Promise.all(
    mapEach(kept.bundles, (bundle) => selfCheck(bundle, verify, kept.all)),
  );
  const { stored, failures } = await storeEverywhere(stores, made);
  const tagging = await tags.write({ stored, failures });
  return {
    mode: 'sign',
    instance,
    subjects,
    bundles: mapEach(made, (bundle) => reported(bundle, stored)),
    bundlePath: kept.all,
    failures,
    tagging,
  };
}

/** A bundle that we would not accept is never stored: only here does a kept bundle become a made one. */
async function selfCheck(
  bundle: KeptBundle,
  verify: Conclude,
  keptIn: string,
): Promise<MadeBundle> {
  const [first, ...others] = bundle.signed.subjects;
  const verified = await verifiedFor(first, bundle, verify, keptIn);
  // A verifier is asked about one digest at a time.
  const digests = new Set([first.digest]);
  for (const subject of others) {
    if (digests.has(subject.digest)) continue;
    digests.add(subject.digest);
    await verifiedFor(subject, bundle, verify, keptIn);
  }
  return { ...bundle, verified };
}

async function verifiedFor(
  subject: Subject,
  { signed: { json } }: KeptBundle,
  verify: Conclude,
  keptIn: string,
): Promise<VerifiedBundle> {
  const found = { source: 'this step', place: 'this step', json } as const;
  const checked = await verify(found, subject.digest);
  if ('rejected' in checked) throw failedCheck(subject, checked.rejected, keptIn);
  // Everyone who verifies requires a log entry or a timestamp, of a key, too.
  if (!isWitnessed(checked.verified))
    throw failedCheck(subject, checked.verified.unwitnessed, keptIn);
  return checked.verified;
}

function failedCheck(subject: Subject, { code, finding }: Rejection, keptIn: string): ActionError {
  return new ActionError('bundle', 'BUNDLE_SELF_CHECK', {
    message: `Cannot store the signature of "${formatSubject(subject)}": it does not verify (${code}), ${finding.rule} is not ${finding.expected}: ${finding.found}`,
    remedy: `pass the "trusted-root" that belongs to the signing configuration in "sigstore"; the bundle is kept in ${keptIn}`,
  });
}

/** When a store fails, the others are written, and everything that is stored is told. */
async function storeEverywhere(
  stores: readonly PreparedStore[],
  made: NonEmpty<MadeBundle>,
): Promise<StoreOutcome> {
  const { values: outcomes, failures } = await settle(
    stores.map(async (store) =>
      store.store(made.filter(({ signed }) => store.takes(signed.predicateType))),
    ),
  );
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: [...failures, ...outcomes.flatMap((outcome) => outcome.failures)],
  };
}

function reported(bundle: MadeBundle, stored: readonly StoredBundle[]): ReportedBundle {
  return { ...bundle, stored: stored.filter(({ id }) => id === bundle.signed.id) };
}
