// A software bill of materials, recognised by its content, with the same predicate types as in actions/attest.
import type { PredicateDocument } from '../model/claim.ts';
import { CYCLONEDX_TYPE, SPDX_TYPE } from '../model/types.ts';
import { isRecord } from '../text/json.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import { parsePredicate } from './document.ts';

type Json = PredicateDocument['predicate'];

const REMEDY =
  'write SPDX or CycloneDX as JSON: "format: spdx-json" of anchore/sbom-action, "-o cyclonedx-json" of Syft, "--format spdx-json" of Trivy';
const SPDX_2_VERSION = /^SPDX-(2\.\d+)$/;
const SPDX_3_CONTEXT = /^https?:\/\/spdx\.org\/rdf\/v?3\.[\d.]+\/spdx-context\.jsonld$/;
const CYCLONEDX_VERSION = /^1\.\d+$/;

export function parseSbom(bytes: Uint8Array): Parsed<PredicateDocument> {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  const textKind = TEXT_KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (textKind !== undefined) return refused(`it is ${textKind}`);
  const parsed = parsePredicate(bytes);
  if (isProblem(parsed)) return parsed;
  const predicate = parsed.value;
  const predicateType = typeOf(predicate);
  return isProblem(predicateType)
    ? predicateType
    : { value: { predicateType: predicateType.value, predicate } };
}

function typeOf(json: Json): Parsed<string> {
  const { spdxVersion, SPDXID, bomFormat, specVersion } = json;
  const isSpdx3 = contextsOf(json).some((context) => SPDX_3_CONTEXT.test(context));
  const is = [spdxVersion !== undefined, isSpdx3, bomFormat !== undefined].filter(Boolean).length;
  if (is > 1) return refused('it is more than one kind of SBOM at once');
  if (spdxVersion !== undefined) return typeOfSpdx2(spdxVersion, SPDXID);
  if (isSpdx3) return typeOfSpdx3(json['@graph']);
  if (bomFormat !== undefined) return typeOfCycloneDx(bomFormat, specVersion);
  const kind = JSON_KINDS.find(([isOf]) => isOf(json))?.[1];
  return refused(kind === undefined ? 'it is neither SPDX nor CycloneDX' : `it is ${kind}`);
}

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/spdx2.md, with the version as actions/attest appends it. */
function typeOfSpdx2(version: unknown, id: unknown): Parsed<string> {
  const [, number] = SPDX_2_VERSION.exec(String(version)) ?? [];
  if (number === undefined) return refused(`its spdxVersion is ${JSON.stringify(version)}`);
  if (typeof id !== 'string' || id === '') return refused('it has a spdxVersion, and no SPDXID');
  return { value: `${SPDX_TYPE}/v${number}` };
}

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/spdx3.md; actions/attest reads no SPDX 3. */
function typeOfSpdx3(graph: unknown): Parsed<string> {
  if (!Array.isArray(graph) || graph.length === 0)
    return refused('it has the context of SPDX 3, and nothing in its @graph');
  return { value: `${SPDX_TYPE}/v3` };
}

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/cyclonedx.md */
function typeOfCycloneDx(format: unknown, version: unknown): Parsed<string> {
  if (format !== 'CycloneDX') return refused(`its bomFormat is ${JSON.stringify(format)}`);
  if (typeof version !== 'string' || !CYCLONEDX_VERSION.test(version))
    return refused(`its specVersion is ${JSON.stringify(version ?? null)}`);
  return { value: CYCLONEDX_TYPE };
}

function contextsOf(json: Json): readonly string[] {
  const context = json['@context'];
  const contexts = Array.isArray(context) ? (context as unknown[]) : [context];
  return contexts.filter((each) => typeof each === 'string');
}

const TEXT_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\s*(#.*\n\s*)*SPDXVersion:/, 'SPDX as tags and values'],
  [/<bom\s[^>]*cyclonedx\.org/i, 'CycloneDX as XML'],
  [/^\s*<\?xml[^]*spdx\.org\/rdf/i, 'SPDX as RDF'],
];

/** Other formats that tools write, and documents that contain an SBOM. */
const JSON_KINDS: readonly (readonly [(json: Json) => boolean, string])[] = [
  [
    ({ sbom }) => isRecord(sbom) && 'spdxVersion' in sbom,
    'an answer of the GitHub API; the SBOM is the member "sbom" in it',
  ],
  [
    ({ _type }) => typeof _type === 'string' && _type.startsWith('https://in-toto.io/Statement/'),
    'an in-toto statement; the SBOM is the member "predicate" in it',
  ],
  [
    ({ mediaType }) =>
      typeof mediaType === 'string' && mediaType.startsWith('application/vnd.dev.sigstore.bundle'),
    'a Sigstore bundle',
  ],
  [({ payloadType }) => typeof payloadType === 'string', 'a signed envelope'],
  [
    ({ artifacts, descriptor }) => Array.isArray(artifacts) && isRecord(descriptor),
    'the format of Syft itself',
  ],
  [
    ({ Results, SchemaVersion }) => Array.isArray(Results) && SchemaVersion !== undefined,
    'a report of Trivy',
  ],
];

function refused(problem: string): Parsed<never> {
  return { problem, remedy: REMEDY };
}
