// What is to be signed: each statement in each format that a store accepts.
import type { Format, SignedBundle } from './model/bundle.ts';
import type { Claim } from './model/claim.ts';
import type { Digest } from './model/digest.ts';
import { isNonEmpty, type NonEmpty } from './model/non-empty.ts';
import type { Statement } from './model/statement.ts';
import type { Subject } from './model/subject.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';
import type { Store } from './stores/store.ts';

export interface SigningTask {
  readonly claim: Claim;
  readonly statement: Statement;
  readonly subjects: NonEmpty<Subject>;
  readonly format: Format;
}

const FORMATS = ['bundle', 'layer'] as const satisfies readonly Format[];

/** Every claim for every group of subjects. */
export function signingTasks(
  groups: NonEmpty<NonEmpty<Subject>>,
  claims: NonEmpty<Claim>,
  stores: NonEmpty<Store>,
  statementOf: (claim: Claim, subjects: NonEmpty<Subject>) => Statement,
): NonEmpty<SigningTask> {
  const tasks = groups.flatMap((subjects) =>
    claims.flatMap((claim) => {
      const statement = statementOf(claim, subjects);
      const formats = FORMATS.filter((format) =>
        stores.some((store) => store.takes(statement.predicateType, format)),
      );
      return formats.map((format) => ({ claim, statement, subjects, format }));
    }),
  );
  if (!isNonEmpty(tasks)) throw new RangeError('no store takes what was to be signed');
  return tasks;
}

/** Statements that are stored together: those of one image, and of others that share a manifest with it. */
export function tasksByImage(
  tasks: NonEmpty<SigningTask>,
): ReadonlyMap<SigningTask, readonly SigningTask[]> {
  const images = new Map<Digest, SigningTask[]>();
  for (const task of tasks) {
    const digests = task.subjects.map(({ digest }) => digest);
    const shared = new Set(digests.flatMap((digest) => images.get(digest) ?? []));
    const together = [...shared, task];
    for (const { subjects } of together)
      for (const { digest } of subjects) images.set(digest, together);
  }
  return new Map(tasks.map((task) => [task, images.get(task.subjects[0].digest) ?? [task]]));
}

/** In cosign v2's format, each subject has its own signature. */
export async function perform(
  { statement, subjects, format }: SigningTask,
  signer: StatementSigner | undefined,
): Promise<readonly SignedBundle[]> {
  if (!signer) throw new RangeError('something to sign, and no signer');
  if (format === 'layer') return signer.signLayers(statement, subjects);
  return [await signer.sign(statement, subjects)];
}
