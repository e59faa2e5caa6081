// The URL of a workflow file at a ref, as it is in certificates: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md

export interface Workflow {
  /** `https://github.com` */
  readonly server: string;
  /** `owner/name`; GitLab allows nested groups. */
  readonly repository: string;
  /** `.github/workflows/release.yml` */
  readonly path: string;
  /** `refs/heads/main`, or a commit. */
  readonly ref: string;
}

/** GitHub requires one folder for workflows, GitLab separates the path with two slashes. */
const GITHUB =
  /^(https:\/\/[^/@\s]+)\/([^/@\s]+\/[^/@\s]+)\/(\.github\/workflows\/[^/@\s]+)@(\S+)$/;
const GITLAB = /^(https:\/\/[^/@\s]+)\/([^/@\s]+(?:\/[^/@\s]+)+)\/\/([^@\s]+)@(\S+)$/;

/** Undefined for anything else, such as an email address. */
export function parseWorkflow(url: string): Workflow | undefined {
  const [, server, repository, path, ref] = GITHUB.exec(url) ?? GITLAB.exec(url) ?? [];
  return server === undefined || repository === undefined || path === undefined || ref === undefined
    ? undefined
    : { server, repository, path, ref };
}
