// The one error of the project: it says what is wrong, who must act, and what to change.

/**
 * Who must act. `input`: edit `with:`. `permission`: edit `permissions:` or log in. `service`: run again.
 * `bundle`: a bundle that this step created does not verify. `bug`: report it to us.
 */
export type ErrorKind = 'input' | 'permission' | 'service' | 'bundle' | 'bug';

/** Stable codes: workflows and tests may depend on them; messages may improve. */
export type ErrorCode =
  | 'INPUT_MISSING'
  | 'INPUT_INVALID'
  | 'INPUT_CONFLICT'
  | 'INPUT_UNSAFE'
  | 'INPUT_FILE'
  | 'PERMISSION_ID_TOKEN'
  | 'PERMISSION_REGISTRY'
  | 'PERMISSION_ATTESTATIONS'
  | 'PERMISSION_SIGNER'
  | 'SERVICE_UNREACHABLE'
  | 'SERVICE_REFUSED'
  | 'SERVICE_ANSWER'
  | 'SERVICE_TRUST'
  | 'SUBJECT_MISSING'
  | 'SUBJECT_MOVED'
  | 'DIGEST_MISMATCH'
  | 'LIMIT_EXCEEDED'
  | 'STORE_UNLISTED'
  | 'TAG_WITHHELD'
  | 'TAG_UNCONFIRMED'
  | 'BUNDLE_SELF_CHECK'
  | 'CANCELLED'
  | 'BUG';

export interface Remedied {
  /** `Cannot <action>: <state>`, values quoted, no final period. */
  readonly message: string;
  /** What to change, without the words "To fix". */
  readonly remedy: string;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

export class ActionError extends Error implements Remedied {
  override readonly name = 'ActionError';
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly remedy: string;
  /** The line of a file that has to be changed. */
  readonly place: Place | undefined;

  constructor(
    kind: ErrorKind,
    code: ErrorCode,
    {
      message,
      remedy,
      place,
      cause,
    }: Remedied & { readonly place?: Place; readonly cause?: unknown },
  ) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
    this.remedy = remedy;
    this.place = place;
  }
}

/** Several problems, reported together so that one run shows them all. */
export class ActionErrors extends Error {
  override readonly name = 'ActionErrors';
  readonly errors: readonly ActionError[];

  constructor(errors: readonly ActionError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.errors = errors;
  }
}

/** Converts anything thrown to errors that a user can act on; an unknown error is reported as a bug. */
export function actionErrorsOf(thrown: unknown): readonly ActionError[] {
  if (thrown instanceof ActionErrors) return thrown.errors;
  if (thrown instanceof ActionError) return [thrown];
  const state = Error.isError(thrown) ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return [
    new ActionError('bug', 'BUG', {
      message: `Cannot continue: ${state}`,
      remedy: 'this is a bug in Countersign: please report it with this line',
      cause: thrown,
    }),
  ];
}

export function messageOf(thrown: unknown): string {
  return Error.isError(thrown) ? thrown.message : String(thrown);
}

/** `ENOENT`, `ECONNRESET` and similar codes, if Node sets one. */
export function codeOf(thrown: unknown): string | undefined {
  return Error.isError(thrown) && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

/** Waits for all promises and throws all of their problems, not only the first; identical problems are reported once. */
export async function allOrProblems<T extends readonly unknown[]>(promises: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  const { values, failures } = await settle<unknown>(promises);
  if (failures.length > 0) throw new ActionErrors(distinct(failures));
  return values as unknown as T;
}

/** Removes duplicates of identical problems. */
export function distinct(errors: readonly ActionError[]): readonly ActionError[] {
  const isSame = (one: ActionError, other: ActionError): boolean =>
    one.message === other.message && one.remedy === other.remedy;
  return errors.filter(
    (error, index) => errors.findIndex((other) => isSame(error, other)) === index,
  );
}

/** For `catch`: parallel requests fail for the same reason, which is reported once; each missing image is reported separately. */
export function throwOnePerRemedy(error: unknown): never {
  const errors = actionErrorsOf(error);
  const reasonOf = ({ code, message, remedy }: ActionError): string =>
    code === 'SUBJECT_MISSING' ? message : remedy;
  const isFirst = (one: ActionError, index: number): boolean =>
    errors.findIndex((other) => reasonOf(other) === reasonOf(one)) === index;
  throw new ActionErrors(errors.filter(isFirst));
}

export interface Settled<T> {
  readonly values: readonly T[];
  readonly failures: readonly ActionError[];
}

/** Waits for all promises: returns the values of the fulfilled ones, in order, and the problems of the others. */
export async function settle<T>(promises: readonly Promise<T>[]): Promise<Settled<T>> {
  const outcomes = await Promise.allSettled(promises);
  return {
    values: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    failures: outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? actionErrorsOf(outcome.reason) : [],
    ),
  };
}
