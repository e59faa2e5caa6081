// Owners, repositories and workflow files as users write them: by name, with a host as in gh, or as a URL.
import { parseCommit, parseRef, parseRefPattern } from './refs.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';

/** An owner or a repository on a GitHub server. */
export interface GitHubName {
  /** `https://github.com` */
  readonly server: string;
  readonly owner: string;
  /** `acme`, or `acme/app`. */
  readonly path: string;
  /** The id that GitHub assigned and never reuses; undefined for any. */
  readonly id?: string;
}

export interface WorkflowName {
  readonly repository: GitHubName;
  /** `.github/workflows/release.yml` */
  readonly file: string;
  /** `refs/heads/main`, or a commit; undefined for any. */
  readonly ref?: string;
}

interface Place {
  readonly server: string;
  readonly path: string;
}

const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const REPOSITORY = /^([A-Za-z0-9][A-Za-z0-9_-]*)\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
const WORKFLOW = /^([^/]+\/[^/]+)\/(\.github\/workflows\/[^/@\s]+\.ya?ml)$/;
/** As in gh, a host is distinguished from an owner by its dot, which owners cannot have. */
const WITH_HOST = /^(?:https:\/\/|(?=[^/]*\.))([A-Za-z0-9.-]+(?::\d{1,5})?)\/(.+)$/;
const PATTERN = /[*^?\\[]|\.\+|\$$/;
const WORKFLOW_FORM =
  'owner/name/.github/workflows/file.yml, followed by "@ref" if only that ref may sign';

/** `acme`, followed by `#2000002` if only the owner with that id is meant. */
export function parseOwner(text: string, thisServer: string): Parsed<GitHubName> {
  return withId(text, (name) => parseOwnerName(name, thisServer));
}

/** `acme/app`, followed by `#1000001` if only the repository with that id is meant. */
export function parseRepository(text: string, thisServer: string): Parsed<GitHubName> {
  return withId(text, (name) => parseRepositoryName(name, thisServer));
}

function withId(text: string, parse: (name: string) => Parsed<GitHubName>): Parsed<GitHubName> {
  const at = text.indexOf('#');
  if (at < 0) return parse(text);
  const [name, id] = [text.slice(0, at), text.slice(at + 1)];
  if (!/^[1-9]\d{0,18}$/.test(id))
    return {
      problem: `"${text}" has no number after the "#"`,
      remedy: `write the numeric id, as in "${name}#1000001"; "gh api" shows it: gh api repos/OWNER/NAME --jq .id, gh api users/OWNER --jq .id`,
    };
  const parsed = parse(name);
  return isProblem(parsed) ? parsed : { value: { ...parsed.value, id } };
}

function parseOwnerName(text: string, thisServer: string): Parsed<GitHubName> {
  const { server, path } = placeOf(text, thisServer);
  if (OWNER.test(path)) return { value: { server, owner: path, path } };
  if (REPOSITORY.test(path))
    return { problem: `"${text}" is a repository`, remedy: `write "repository: ${text}"` };
  return notOfTheForm(text, 'the name alone');
}

function parseRepositoryName(text: string, thisServer: string): Parsed<GitHubName> {
  const repository = repositoryAt(placeOf(text, thisServer));
  if (repository === undefined)
    return notOfTheForm(text, 'owner/name, or use "owner" for all repositories of an owner');
  if (text.endsWith('.git'))
    return { problem: `"${text}" ends in ".git"`, remedy: `write "${text.slice(0, -4)}"` };
  return { value: repository };
}

/** `owner/name/.github/workflows/file.yml`, followed by `@ref` if only that ref is allowed to sign. */
export function parseWorkflowName(text: string, thisServer: string): Parsed<WorkflowName> {
  const at = text.indexOf('@');
  const file = at < 0 ? text : text.slice(0, at);
  const name = parseWorkflowFile(file, thisServer);
  if (isProblem(name) || at < 0) return name;
  if (text.endsWith('@')) return notOfTheForm(text, WORKFLOW_FORM);
  const ref = parseSignerRef(text.slice(at + 1), file);
  return isProblem(ref) ? ref : { value: { ...name.value, ref: ref.value } };
}

/** The URL of it in certificates. */
export function urlOf({ server, path }: GitHubName): string {
  return `${server}/${path}`;
}

function parseWorkflowFile(text: string, thisServer: string): Parsed<WorkflowName> {
  const { server, path } = placeOf(text, thisServer);
  const [, name = '', file = ''] = WORKFLOW.exec(path) ?? [];
  const repository = repositoryAt({ server, path: name });
  return repository === undefined || PATTERN.test(file)
    ? notOfTheForm(text, WORKFLOW_FORM)
    : { value: { repository, file } };
}

/** The full ref of a workflow file, because certificates contain it in full. */
export function parseSignerRef(text: string, file: string): Parsed<string> {
  if (PATTERN.test(text)) {
    const refs = isProblem(parseRefPattern(text)) ? 'refs/tags/v*' : text;
    return {
      problem: `"${text}" is a pattern, but the ref of a workflow is compared literally`,
      remedy: `remove the ref ("${file}"), and use "source-ref: ${refs}" to restrict which refs may be built`,
    };
  }
  if (/^[0-9a-f]{40,64}$/i.test(text)) return parseCommit(text);
  if (text.startsWith('refs/')) return parseRef(text);
  return {
    problem: `"${text}" is neither a ref nor a full commit`,
    remedy: `write "@refs/tags/${text}" for a tag, "@refs/heads/${text}" for a branch, or all digits of a commit`,
  };
}

function placeOf(text: string, thisServer: string): Place {
  const [, host, path] = WITH_HOST.exec(text) ?? [];
  return host === undefined || path === undefined
    ? { server: thisServer, path: text }
    : { server: `https://${host.toLowerCase()}`, path };
}

function repositoryAt({ server, path }: Place): GitHubName | undefined {
  const [, owner] = REPOSITORY.exec(path) ?? [];
  return owner === undefined ? undefined : { server, owner, path };
}

function notOfTheForm(text: string, form: string): Problem {
  return PATTERN.test(text)
    ? {
        problem: `"${text}" is a pattern, but names are compared literally`,
        remedy: `write ${form}`,
      }
    : { problem: `"${text}" is not of the expected form`, remedy: `write ${form}` };
}
