// Everything that a signing step finds out before it signs: the signer, the statements, the places to store them, and what is stored already.
import { ActionErrors, actionErrorsOf, allOrProblems } from './errors.ts';
import type { FoundBundle } from './model/found.ts';
import type { Claim } from './model/claim.ts';
import type { OwnIdentity } from './model/identity.ts';
import { flatten, type NonEmpty } from './model/non-empty.ts';
import type { InstanceName } from './model/report.ts';
import type { SignRequest } from './model/request.ts';
import { distinctSubjects, namedIn, type Subject } from './model/subject.ts';
import type { TokenClaims } from './model/token.ts';
import type { MakeStatement } from './predicates/predicate.ts';
import { type DoneTasks, findDone } from './signed-before.ts';
import { type SigningTask, signingTasks } from './signing-tasks.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';
import type { Conclude } from './sigstore/verify/verifier.ts';
import type { PlannedBundle } from './stores/list-room.ts';
import type { PreparedStore, Store } from './stores/store.ts';
import type { PreparedTags, Tagger } from './tagging/tagger.ts';

/** The signer and its services. */
export interface Party {
  readonly instance: InstanceName;
  /** PEM; undefined for a keyless step. */
  readonly publicKey?: string | undefined;
  /** Set if one was requested. */
  readonly claims: TokenClaims | undefined;
  readonly own: OwnIdentity;
  /** Addresses of the services that receive what is signed. */
  readonly services: readonly string[];
  /** Gets the certificate, which is logged permanently; everything before it leaves no trace. */
  readonly openSigner: () => Promise<StatementSigner>;
}

export interface PreparationServices {
  /** The subjects of each statement, an image first; throws the problems that prevent finding them. */
  readonly resolve: () => Promise<NonEmpty<NonEmpty<Subject>>>;
  readonly stores: NonEmpty<Store>;
  readonly statementOf: (claim: Claim) => MakeStatement;
  readonly identify: () => Promise<Party>;
  readonly loadVerifier: () => Promise<Conclude>;
  /** What is stored for these images; empty if everything is to be signed again. */
  readonly lookBack: (images: NonEmpty<Subject>) => Promise<readonly FoundBundle[]>;
  /** Throws if a registry cannot list what is to be signed, as far as that is known before. */
  readonly assertRoom: (planned: readonly PlannedBundle[]) => Promise<void>;
  readonly tagger: Tagger;
}

export interface Preparation {
  readonly subjects: NonEmpty<Subject>;
  readonly party: Party;
  readonly tasks: NonEmpty<SigningTask>;
  readonly done: DoneTasks;
  readonly stores: readonly PreparedStore[];
  readonly tags: PreparedTags;
  readonly verify: Conclude;
}

/** Works in parallel and reports all problems at once. `whenDecided` starts as soon as the statements are known. */
export async function prepare<T>(
  request: SignRequest,
  services: PreparationServices,
  whenDecided: (decided: Decided) => Promise<T>,
): Promise<Preparation & { readonly outcome: T }> {
  const groups = await services.resolve();
  const subjects = distinctSubjects(flatten(groups));
  const loading = services.loadVerifier();
  const preparing = allOrProblems(
    services.stores.map((store) => store.prepare(subjects, request.claims)),
  );
  const assertRoom: PreparationServices['assertRoom'] = (planned) =>
    services.assertRoom(planned).catch((error: unknown) => throwWithOthers(error, preparing));
  const [stores, decided, verify, tags] = await allOrProblems([
    preparing,
    decide(groups, request, { ...services, assertRoom, loading }).then(async (known) => ({
      ...known,
      outcome: await whenDecided(known),
    })),
    loading,
    services.tagger.prepare(request.tags),
  ] as const);
  return { subjects, ...decided, stores, tags, verify };
}

/** What keeps a store from reading an image also keeps it from reading the list, and is reported once. */
async function throwWithOthers(error: unknown, others: Promise<unknown>): Promise<never> {
  const reported = await others.then(() => [], actionErrorsOf);
  const remedies = new Set(reported.map(({ remedy }) => remedy));
  const news = actionErrorsOf(error).filter(({ remedy }) => !remedies.has(remedy));
  throw new ActionErrors([...reported, ...news]);
}

/** Manifests of an index have their bundles in the same places as the index; in cosign v2's format each manifest has its own signature. */
function whereSigned(subjects: NonEmpty<Subject>, stores: NonEmpty<Store>): NonEmpty<Subject> {
  return stores.some(({ name }) => name === 'legacy') ? subjects : namedIn(subjects);
}

export type Decided = Pick<Preparation, 'party' | 'tasks' | 'done'>;

async function decide(
  groups: NonEmpty<NonEmpty<Subject>>,
  { claims }: SignRequest,
  services: PreparationServices & { readonly loading: Promise<Conclude> },
): Promise<Decided> {
  const { stores, statementOf, loading } = services;
  const [party, found] = await allOrProblems([
    services.identify(),
    services.lookBack(whereSigned(distinctSubjects(flatten(groups)), stores)),
  ] as const);
  const planned = signingTasks(groups, claims, stores, (claim, subjects) =>
    statementOf(claim)(subjects, party.claims),
  );
  const { tasks, done } = await findDone(planned, found, { own: party.own, loading });
  const bundles = tasks.filter((task) => task.format === 'bundle' && !done.has(task));
  await services.assertRoom(
    bundles.map(({ statement: { predicateType }, subjects }) => ({ predicateType, subjects })),
  );
  return { party, tasks, done };
}
