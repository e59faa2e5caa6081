// What to change where the signer that was found is the right one, and the inputs do not let it in.
import type { NonEmpty } from '../model/non-empty.ts';
import { type Finding, NOT_STATED } from '../model/verdict.ts';

/** The input behind a rule, where the two have different names. */
const INPUT_OF: Readonly<Record<string, string>> = {
  issuer: 'certificate-oidc-issuer',
  'repository-id': 'repository',
  'owner-id': 'repository',
};

/** Findings about one bundle; text of the certificate in it is not yet made harmless. */
export function remedyForSigner(findings: NonEmpty<Finding>): string {
  const inputs = findings.filter((finding) => !follows(finding, findings)).map(inputOf);
  const [first, ...others] = findings;
  const change =
    (others.length === 0 ? remedyForOne(first) : undefined) ??
    `if the signer that was found is the right one, change ${[...new Set(inputs)].join(', ')}`;
  return `${change}; if not, do not deploy this image`;
}

function inputOf({ rule }: Finding): string {
  return `"${INPUT_OF[rule] ?? rule}"`;
}

/** Where the workflow has to lie is said by the repository or the owner, and changes with it. */
function follows({ rule, expected }: Finding, findings: readonly Finding[]): boolean {
  return (
    rule === 'signer-workflow' &&
    expected.endsWith('/*') &&
    findings.some((other) => other.rule === 'repository' || other.rule === 'owner')
  );
}

/** Undefined where nothing more can be said than which input it is. */
function remedyForOne({ rule, expected, found }: Finding): string | undefined {
  if (found === NOT_STATED) return undefined;
  switch (rule) {
    case 'event':
      return `if runs on "${found}" may sign this image, name "${found}" in "event"`;
    case 'source-ref':
      return `if builds of "${found}" may be deployed, name "${found}" in "source-ref"`;
    case 'repository-id':
    case 'owner-id':
      return 'if the repository was made anew under its name, set "repository", which compares the name alone';
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
    return `if it may sign at that ref too, add "${name}@${ref}" to "signer-workflow", or leave the ref out there and name refs in "source-ref"`;
  return expected.endsWith('/*')
    ? `if that workflow may sign, add "signer-workflow: ${name}"`
    : undefined;
}

function splitAtRef(url: string): readonly string[] {
  const at = url.indexOf('@');
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}
