// Signs images: check everything that can fail, sign once, verify the bundles, store them, read them back, tag the images.
import { allOrProblems, settle } from './errors.ts';
import {
  type Format,
  formatOf,
  type KeptBundle,
  type MadeBundle,
  type SignedBundle,
  type StoredBundle,
} from './model/bundle.ts';
import type { Claim } from './model/claim.ts';
import { flatten, isNonEmpty, mapEach, type NonEmpty } from './model/non-empty.ts';
import type { InstanceName, ReportedBundle, SignReport } from './model/report.ts';
import type { SignRequest } from './model/request.ts';
import type { Statement } from './model/statement.ts';
import { distinctSubjects, type Subject } from './model/subject.ts';
import type { TokenClaims } from './model/token.ts';
import type { MakeStatement } from './predicates/predicate.ts';
import { selfCheck } from './self-check.ts';
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
    readonly publicKey?: string | undefined;
    readonly claims: TokenClaims | undefined;
    readonly signer: StatementSigner;
  }>;
  readonly loadVerifier: () => Promise<Conclude>;
  /** Keeps everything in files before anything is stored, so that no signature is lost; `all` is the file with every bundle, empty where there is none. */
  readonly keep: (
    signed: NonEmpty<SignedBundle>,
  ) => Promise<{ readonly all: string; readonly bundles: NonEmpty<KeptBundle> }>;
  readonly tagger: Tagger;
}

export async function sign(request: SignRequest, services: SignServices): Promise<SignReport> {
  const groups = await services.resolve();
  const subjects = distinctSubjects(flatten(groups));

  // In parallel, reporting all problems at once: nothing is logged before every store is known to accept it.
  const [stores, { instance, publicKey, claims, signer }, verify, tags] = await allOrProblems([
    allOrProblems(services.stores.map((store) => store.prepare(subjects, request.claims))),
    services.identify(),
    services.loadVerifier(),
    services.tagger.prepare(request.tags),
  ] as const);

  const signing = groups.flatMap((group) =>
    request.claims.flatMap((claim) =>
      signFor(stores, services.statementOf(claim)(group, claims), group, signer),
    ),
  );
  const kept = await services.keep(allOf(await allOrProblems(signing)));
  const made = await Promise.all(mapEach(kept.bundles, (bundle) => selfCheck(bundle, verify)));
  const { stored, failures } = await storeEverywhere(stores, made);
  const tagging = await tags.write({ stored, failures });
  return {
    mode: 'sign',
    instance,
    publicKey,
    subjects,
    bundles: mapEach(made, (bundle) => reported(bundle, stored)),
    bundlePath: kept.all,
    failures,
    tagging,
  };
}

/** A statement in each format that a store takes it in. */
function signFor(
  stores: readonly PreparedStore[],
  statement: Statement,
  subjects: NonEmpty<Subject>,
  signer: StatementSigner,
): readonly Promise<readonly SignedBundle[]>[] {
  const isTaken = (format: Format): boolean =>
    stores.some((store) => store.takes(statement.predicateType, format));
  const one = async (): Promise<readonly SignedBundle[]> => [
    await signer.sign(statement, subjects),
  ];
  return [
    ...(isTaken('bundle') ? [one()] : []),
    ...(isTaken('layer') ? [signer.signLayers(statement, subjects)] : []),
  ];
}

function allOf(signed: readonly (readonly SignedBundle[])[]): NonEmpty<SignedBundle> {
  const all = signed.flat();
  if (!isNonEmpty(all)) throw new RangeError('no store takes what was to be signed');
  return all;
}

/** When a store fails, the others are written, and everything that is stored is told. */
async function storeEverywhere(
  stores: readonly PreparedStore[],
  made: NonEmpty<MadeBundle>,
): Promise<StoreOutcome> {
  const { values: outcomes, failures } = await settle(
    stores.map(async (store) =>
      store.store(made.filter(({ signed }) => store.takes(signed.predicateType, formatOf(signed)))),
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
