// The input `attestations`: the claims to sign in addition to the signature, with the content of the files that it names.
import { resolve } from 'node:path';
import { ActionError } from '../errors.ts';
import type { Claim } from '../model/claim.ts';
import { PROVENANCE_TYPE } from '../model/types.ts';
import { parsePredicate, PREDICATE_FILE_LIMIT } from '../predicates/document.ts';
import { parseSbom } from '../predicates/sbom.ts';
import { readBoundedFile } from '../text/bounded-file.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { type AttestationLine, parseAttestationLine } from './attestation-line.ts';
import { linesOf, type Problems } from './problems.ts';

type Attestation = Exclude<Claim, { readonly kind: 'signature' }>;
type LineWithFile = Exclude<AttestationLine, { readonly kind: 'provenance' }>;

/** In the order of the lines, each type once; relative paths start at `workspace`. Sends no request. */
export async function readAttestations(
  text: string,
  workspace: string,
  problems: Problems,
): Promise<readonly Attestation[]> {
  const lines = problems.takeEach('attestations', linesOf(text), parseAttestationLine);
  const attestations: Attestation[] = [];
  const lineOfType = new Map<string, string>();
  for (const each of lines) {
    const attestation = await readAttestation(each, workspace, problems);
    if (!attestation) continue;
    const type = typeOf(attestation);
    const earlier = lineOfType.get(type);
    if (earlier !== undefined) refuseSecond(type, [earlier, each.line], problems);
    lineOfType.set(type, each.line);
    attestations.push(attestation);
  }
  return attestations;
}

/** Undefined, with the problem noted, if its file cannot be attested. */
async function readAttestation(
  line: AttestationLine,
  workspace: string,
  problems: Problems,
): Promise<Attestation | undefined> {
  if (line.kind === 'provenance') return { kind: 'provenance' };
  const bytes = await readBoundedFile(resolve(workspace, line.file), PREDICATE_FILE_LIMIT);
  const document = isProblem(bytes) ? bytes : documentIn(bytes.value, line);
  if (!isProblem(document)) return document.value;
  const message = `Cannot attest "${line.file}": ${document.problem}`;
  problems.include(new ActionError('input', 'INPUT_FILE', { message, remedy: document.remedy }));
  return undefined;
}

function documentIn(bytes: Buffer, line: LineWithFile): Parsed<Attestation> {
  if (line.kind === 'sbom') {
    const sbom = parseSbom(bytes);
    return isProblem(sbom) ? sbom : { value: { kind: 'document', ...sbom.value } };
  }
  const { predicateType } = line;
  const predicate = parsePredicate(bytes);
  if (isProblem(predicate)) return predicate;
  return { value: { kind: 'document', predicateType, predicate: predicate.value } };
}

function typeOf(attestation: Attestation): string {
  return attestation.kind === 'provenance' ? PROVENANCE_TYPE : attestation.predicateType;
}

/** A policy that requires a type accepts any attestation of it and could not distinguish the two. */
function refuseSecond(type: string, lines: readonly [string, string], problems: Problems): void {
  problems.add(
    'INPUT_CONFLICT',
    `Cannot use "attestations": "${lines.join('" and "')}" are both of the type ${type}`,
    'keep one of them',
  );
}
