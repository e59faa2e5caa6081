// A predicate from a file of the user: an SBOM, or JSON of any type.
import type { PredicateDocument } from '../model/claim.ts';
import { mapEach } from '../model/non-empty.ts';
import { objectIn } from '../text/json-object.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { type MakeStatement, subjectOf } from './predicate.ts';

/** Bytes of a file, as in actions/attest. */
export const PREDICATE_FILE_LIMIT = 16 << 20;
/** Bytes without white space: base64 turns them into 14.7 MiB, and GitHub's store accepts 16 MB with certificate, log entry and subjects. */
export const PREDICATE_LIMIT = 11 << 20;
/** Commas and brackets: our own verifier accepts half a million in a statement, and 1024 subjects have a few thousand. */
const VALUES = 490_000;
const [OPEN, CLOSE] = [Buffer.from('['), Buffer.from(']')];

export function documentStatement({ predicateType, predicate }: PredicateDocument): MakeStatement {
  return (subjects) => ({ subject: mapEach(subjects, subjectOf), predicateType, predicate });
}

/** Parses the bytes of a file as predicate: every reader of the statement must be able to read it, and every store must accept it. */
export function parsePredicate(bytes: Uint8Array): Parsed<PredicateDocument['predicate']> {
  const remedy = 'write one JSON object, in UTF-8';
  const predicate = objectIn(parseOneLevelDown(bytes, remedy), bytes, remedy);
  if (isProblem(predicate)) return predicate;
  const size = Buffer.byteLength(JSON.stringify(predicate.value));
  if (size <= PREDICATE_LIMIT) return predicate;
  return {
    problem: `it has ${size} bytes without white space, over the limit of ${PREDICATE_LIMIT} that fit into a bundle`,
    remedy:
      'omit what is not needed: for an SBOM, the files (SYFT_FILE_METADATA_SELECTION=none with Syft)',
  };
}

/** Nested as deeply as in the statement: a predicate that is too deep there is rejected here, before anything is signed. */
function parseOneLevelDown(bytes: Uint8Array, remedy: string): Parsed<unknown> {
  const list = parseStrictJson(Buffer.concat([OPEN, bytes, CLOSE]), VALUES);
  if (isProblem(list)) return list;
  const values = Array.isArray(list.value) ? (list.value as unknown[]) : [];
  return values.length === 1 ? { value: values[0] } : { problem: 'it is not JSON', remedy };
}
