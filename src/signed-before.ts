// What this identity signed in an earlier run: it is stored wherever it is missing, and not signed again.
import { ATTESTATION_LAYER, SIGNATURE_LAYER } from './cosign/layer.ts';
import { simpleSigningPayload } from './cosign/payload.ts';
import type { FoundBundle } from './model/found.ts';
import { type SignedBundle, signedBundle } from './model/bundle.ts';
import { isKeyHolder, type OwnIdentity, type Signer } from './model/identity.ts';
import { flatten, isNonEmpty, mapEach, type NonEmpty } from './model/non-empty.ts';
import {
  annotationsOf,
  parseStatement,
  serializeStatement,
  type Statement,
} from './model/statement.ts';
import type { Subject } from './model/subject.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE } from './model/types.ts';
import type { SigningTask } from './signing-tasks.ts';
import type { Conclude } from './sigstore/verify/verifier.ts';
import { payloadIn } from './text/envelope.ts';
import { isRecord } from './text/json.ts';
import { isProblem } from './text/parsed.ts';

/** The bundles of each task that is done. */
export type DoneTasks = ReadonlyMap<SigningTask, NonEmpty<SignedBundle>>;

export interface LookedBack {
  readonly tasks: NonEmpty<SigningTask>;
  readonly done: DoneTasks;
}

interface Judging {
  readonly own: OwnIdentity;
  /** Awaited only if a candidate exists. */
  readonly loading: Promise<Conclude>;
}

/** In cosign v2's format each subject has its own signature: a task of which some are missing becomes two, one of which is done. */
export async function findDone(
  tasks: NonEmpty<SigningTask>,
  found: readonly FoundBundle[],
  judging: Judging,
): Promise<LookedBack> {
  const done = new Map<SigningTask, NonEmpty<SignedBundle>>();
  const split = async (task: SigningTask): Promise<NonEmpty<SigningTask>> => {
    const parts = await Promise.all(
      partsOf(task).map(async (part) => ({ part, own: await firstOwn(part, found, judging) })),
    );
    const bundles = parts.flatMap(({ own }) => (own ? [own] : []));
    const missing = parts.flatMap(({ part, own }) => (own ? [] : part.subjects));
    if (!isNonEmpty(bundles)) return [task];
    const finished = { ...task, subjects: flatten(mapEach(bundles, ({ subjects }) => subjects)) };
    done.set(finished, bundles);
    return isNonEmpty(missing) ? [finished, { ...task, subjects: missing }] : [finished];
  };
  return { tasks: flatten(await Promise.all(mapEach(tasks, split))), done };
}

/** The signer and statement of one bundle or layer. */
interface Part {
  readonly subjects: NonEmpty<Subject>;
  readonly predicateType: string;
  readonly mediaType?: string;
  readonly says: (found: FoundBundle) => boolean;
}

function partsOf({ statement, subjects, format }: SigningTask): readonly Part[] {
  const { predicateType } = statement;
  const whole = { subjects, predicateType };
  if (format === 'bundle')
    return [{ ...whole, says: ({ layer, json }) => !layer && isSame(payloadIn(json), statement) }];
  if (predicateType !== SIGNATURE_TYPE) {
    const says = ({ layer, json }: FoundBundle): boolean =>
      layer !== undefined && isSame(payloadIn(json), statement);
    return [{ ...whole, mediaType: ATTESTATION_LAYER, says }];
  }
  const annotations = annotationsOf(statement);
  return subjects.map((subject) => {
    const { repository, digest } = subject;
    const payload = simpleSigningPayload(repository, digest, annotations);
    return {
      subjects: [subject],
      predicateType: SIMPLE_SIGNING_TYPE,
      mediaType: SIGNATURE_LAYER,
      says: ({ layer }) => layer?.equals(payload) ?? false,
    };
  });
}

async function firstOwn(
  { subjects, predicateType, mediaType, says }: Part,
  found: readonly FoundBundle[],
  { own, loading }: Judging,
): Promise<SignedBundle | undefined> {
  for (const candidate of found.filter(says)) {
    const checked = await (await loading)(candidate, subjects[0].digest);
    if (!('verified' in checked) || !isOwn(checked.verified.signer, own)) continue;
    const { json, layer: blob, annotations = {}, place } = candidate;
    const layer = blob && mediaType !== undefined ? { mediaType, blob, annotations } : undefined;
    return signedBundle({
      subjects,
      predicateType,
      json,
      foundAt: place,
      ...(layer ? { layer } : {}),
    });
  }
  return undefined;
}

function isOwn(signer: Signer, own: OwnIdentity): boolean {
  if ('key' in own) return isKeyHolder(signer) && signer.key === own.key;
  if (isKeyHolder(signer)) return false;
  const { san, issuer, claims } = signer;
  return (
    san === own.san &&
    issuer === own.issuer &&
    claims.sourceRepositoryDigest === own.sourceDigest &&
    claims.buildTrigger === own.event
  );
}

/** Provenance also names the attempt, which changes whenever a job runs again. */
function isSame(payload: Buffer | undefined, statement: Statement): boolean {
  if (!payload) return false;
  if (statement.predicateType !== PROVENANCE_TYPE)
    return payload.equals(serializeStatement(statement));
  const parsed = parseStatement(payload);
  if (isProblem(parsed)) return false;
  return withoutAttempt(parsed.value).equals(withoutAttempt(statement));
}

function withoutAttempt({ predicate, ...statement }: Statement): Buffer {
  const details = isRecord(predicate['runDetails']) ? predicate['runDetails'] : {};
  const runDetails = { ...details, metadata: {} };
  return serializeStatement({ ...statement, predicate: { ...predicate, runDetails } });
}
