// An in-toto statement: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
import { type Digest, hexOf } from './digest.ts';
import { isNonEmpty, type NonEmpty } from './non-empty.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import { parseStrictJson } from '../text/strict-json.ts';

export const STATEMENT_V1 = 'https://in-toto.io/Statement/v1';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

export interface StatementSubject {
  readonly name?: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface Statement {
  readonly subject: NonEmpty<StatementSubject>;
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** The same limit as in actions/attest. */
export const MOST_SUBJECTS = 1024;
const TYPES = new Set<unknown>([STATEMENT_V1, 'https://in-toto.io/Statement/v0.1']);

/** The bytes to sign: compact JSON with the keys in the order of the specification. */
export function serializeStatement({ subject, predicateType, predicate }: Statement): Buffer {
  return Buffer.from(JSON.stringify({ _type: STATEMENT_V1, subject, predicateType, predicate }));
}

/** Reads the payload of an envelope. A predicate may be missing (cosign 2.6 to 3.0.2 wrote none). */
export function parseStatement(payload: Uint8Array): Parsed<Statement> {
  const parsed = parseStrictJson(payload);
  if (isProblem(parsed)) return bad(parsed.problem);
  const json = parsed.value;
  if (!isRecord(json)) return bad('the payload is not a JSON object');
  if (!TYPES.has(json['_type'])) return bad(`_type is ${JSON.stringify(json['_type'])}`);
  const { subject, predicateType, predicate = {} } = json;
  if (typeof predicateType !== 'string' || predicateType === '')
    return bad('there is no predicateType');
  if (!isRecord(predicate)) return bad('the predicate is not a JSON object');
  if (!Array.isArray(subject)) return bad('there is no list of subjects');
  if (subject.length > MOST_SUBJECTS)
    return bad(`it has ${subject.length} subjects, over the limit of ${MOST_SUBJECTS}`);
  const subjects = subject.map(toSubject).filter((entry) => entry !== undefined);
  if (!isNonEmpty(subjects) || subjects.length !== subject.length)
    return bad('a subject has no digest');
  return { value: { subject: subjects, predicateType, predicate } };
}

function toSubject(value: unknown): StatementSubject | undefined {
  if (!isRecord(value) || !isRecord(value['digest'])) return undefined;
  const digests = Object.entries(value['digest']).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  if (digests.length === 0) return undefined;
  const { name, annotations } = value;
  return {
    ...(typeof name === 'string' ? { name } : {}),
    digest: Object.fromEntries(digests),
    ...(isRecord(annotations) ? { annotations } : {}),
  };
}

/** Whether the statement is about this digest: same algorithm, full length, same case. */
export function isAbout(statement: Statement, digest: Digest): boolean {
  return statement.subject.some((subject) => subject.digest['sha256'] === hexOf(digest));
}

/** The annotations of a signature, which are the same for all of its subjects. */
export function annotationsOf({
  subject: [{ annotations = {} }],
}: Statement): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [name, String(value)]),
  );
}

function bad(state: string): Parsed<never> {
  return {
    problem: `the payload is not an in-toto statement: ${state}`,
    remedy: 'sign again with a tool that writes in-toto statements',
  };
}
