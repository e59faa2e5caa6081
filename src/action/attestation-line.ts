// A line of the input `attestations`: `provenance`, `sbom=FILE` or `TYPE-URI=FILE`.
import { SIGNATURE_TYPE } from '../model/types.ts';
import { nearestName } from '../text/nearest.ts';
import type { Parsed, Problem } from '../text/parsed.ts';

/** `line` is the user's text, for messages. */
export type AttestationLine =
  | { readonly kind: 'provenance'; readonly line: string }
  | { readonly kind: 'sbom'; readonly line: string; readonly file: string }
  | {
      readonly kind: 'predicate';
      readonly line: string;
      readonly predicateType: string;
      readonly file: string;
    };

const FORM = 'write provenance, sbom=FILE or TYPE-URI=FILE, one a line';
const NAMES = ['provenance', 'sbom'] as const;
/** cosign's short names for types. */
const NAMES_OF_COSIGN: Readonly<Record<string, string>> = {
  spdx: 'sbom',
  spdxjson: 'sbom',
  cyclonedx: 'sbom',
  slsaprovenance: 'provenance',
  slsaprovenance1: 'provenance',
  vuln: 'https://cosign.sigstore.dev/attestation/vuln/v1',
  openvex: 'https://openvex.dev/ns',
};
/** Some readers would see another type in a URI with invalid characters. */
const URI = /^[a-z][a-z0-9+.-]+:[!-~]+$/i;
const LONGEST_TYPE = 1024;

export function parseAttestationLine(line: string): Parsed<AttestationLine> {
  const at = line.indexOf('=');
  const name = (at < 0 ? line : line.slice(0, at)).trim();
  const file = at < 0 ? undefined : line.slice(at + 1).trim();
  if (name === 'provenance') return provenance(line, file);
  if (name !== 'sbom' && !isType(name)) return unknown(name);
  if (file === undefined || file === '')
    return { problem: `"${line}" names no file`, remedy: `write "${name}=FILE"` };
  if (name === 'sbom') return { value: { kind: 'sbom', line, file } };
  if (name === SIGNATURE_TYPE)
    return {
      problem: `"${name}" is the type of signatures, and a signature is not an attestation`,
      remedy: `remove the line "${line}"`,
    };
  return { value: { kind: 'predicate', line, predicateType: name, file } };
}

function provenance(line: string, file: string | undefined): Parsed<AttestationLine> {
  if (file === undefined) return { value: { kind: 'provenance', line } };
  return {
    problem: '"provenance" has a file, and is made from the identity token of the job',
    remedy: 'write "provenance" alone, or the type URI of your own document: TYPE-URI=FILE',
  };
}

function isType(name: string): boolean {
  return name.length <= LONGEST_TYPE && URI.test(name) && URL.canParse(name);
}

function unknown(name: string): Problem {
  const meant = Object.hasOwn(NAMES_OF_COSIGN, name)
    ? NAMES_OF_COSIGN[name]
    : nearestName(name.toLowerCase(), NAMES);
  const problem = `"${name}" is neither provenance, nor sbom, nor the URI of a type`;
  if (meant === undefined) return { problem, remedy: FORM };
  return { problem, remedy: `did you mean "${meant}"? ${FORM}` };
}
