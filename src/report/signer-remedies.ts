// What to change if the signer that was found is the right one and the inputs do not accept it.
import { isKeyHolder, type Signer } from '../model/identity.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { type Finding, NOT_STATED } from '../model/rejection.ts';

/** The input behind a rule, if their names differ. */
const INPUT_OF: Readonly<Record<string, string>> = {
  issuer: 'certificate-oidc-issuer',
  'repository-id': 'repository',
  'owner-id': 'owner',
};

/** The rules of `policy/provenance.ts`. */
const CONTRADICTION = 'provenance-';

/** Findings about one bundle; text from the certificate is not escaped yet. */
export function remedyForSigner(findings: NonEmpty<Finding>, signer: Signer): string {
  const inputs = findings.filter((finding) => !follows(finding, findings)).map(inputOf);
  const [first, ...others] = findings;
  const change =
    remedyForContradiction(findings) ??
    remedyForIssuer(findings, signer) ??
    (others.length === 0 ? remedyForOne(first) : undefined) ??
    `if the signer that was found is the right one, change ${[...new Set(inputs)].join(', ')}`;
  return `${change}; otherwise do not deploy this image`;
}

function remedyForContradiction(findings: readonly Finding[]): string | undefined {
  return findings.some(({ rule }) => rule.startsWith(CONTRADICTION))
    ? 'if that build is yours, sign its provenance in the run that builds the image'
    : undefined;
}

/** A signer outside of GitHub Actions fails every rule about GitHub, so the remedy names the signer instead. */
function remedyForIssuer(findings: readonly Finding[], signer: Signer): string | undefined {
  if (isKeyHolder(signer) || !findings.some(({ rule }) => rule === 'issuer')) return undefined;
  return `if that signer is allowed to sign, set "certificate-identity: ${signer.san}" and "certificate-oidc-issuer: ${signer.issuer}"`;
}

function inputOf({ rule }: Finding): string {
  return `"${INPUT_OF[rule] ?? rule}"`;
}

/** The default for the workflow is derived from the repository or the owner. */
function follows({ rule, expected }: Finding, findings: readonly Finding[]): boolean {
  return (
    rule === 'signer-workflow' &&
    expected.endsWith('/*') &&
    findings.some((other) => other.rule === 'repository' || other.rule === 'owner')
  );
}

/** Undefined if there is no better remedy than naming the input. */
function remedyForOne({ rule, expected, found }: Finding): string | undefined {
  if (found === NOT_STATED) return undefined;
  switch (rule) {
    case 'event':
      return `if runs on "${found}" are allowed to sign this image, add "${found}" to "event"`;
    case 'source-ref':
      return `if builds of "${found}" are allowed to be deployed, add "${found}" to "source-ref"`;
    case 'repository-id':
      return `if the repository was deleted and created again under the same name, set "repository" to the name with its new id "#${found}"`;
    case 'owner-id':
      return `if the account was deleted and created again under the same name, set "owner" to the name with its new id "#${found}"`;
    case 'signatureFormat':
      return found.startsWith('bundle')
        ? 'set "signatureFormat: bundle" in the policy, or also sign in the format of cosign v2'
        : 'remove "signatureFormat" from the policy, or sign with a tool that writes bundles';
    case 'max-age':
      return 'sign the image again in the workflow that builds it, or raise "max-age"';
    case 'signer-workflow':
      return remedyForWorkflow(expected, found);
    default:
      return undefined;
  }
}

function remedyForWorkflow(expected: string, found: string): string | undefined {
  const [file = '', ref] = splitAtRef(found);
  const [, name] = /^https:\/\/(.+\/\.github\/workflows\/.+)$/.exec(file) ?? [];
  if (name === undefined || ref === undefined) return undefined;
  if (file === splitAtRef(expected)[0])
    return `if it is allowed to sign at that ref, add "${name}@${ref}" to "signer-workflow", or remove the ref there and restrict refs with "source-ref"`;
  return expected.endsWith('/*')
    ? `if that workflow is allowed to sign, add "signer-workflow: ${name}"`
    : undefined;
}

function splitAtRef(url: string): readonly string[] {
  const at = url.indexOf('@');
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}
