// What the event says about the run: https://docs.github.com/webhooks/webhook-events-and-payloads
import { readFileSync } from 'node:fs';
import { isRecord, parseJson } from '../text/json.ts';

export interface GitHubEvent {
  /** Of the repository: `public`, `private` or `internal`; empty if the payload does not say. */
  readonly visibility: string;
  /** The source of a pull request to whose runs GitHub gives no identity token, no secrets and no push access. */
  readonly stranger?: 'fork' | 'dependabot';
}

/** Events that run the workflow of the pull request; `pull_request_target` runs that of the base, with all permissions. */
const PULL_REQUEST = /^pull_request(_review|_review_comment)?$/;

/** Local runners have events without a payload. */
export function readEvent(env: Readonly<Record<string, string | undefined>>): GitHubEvent {
  const { GITHUB_EVENT_PATH: path, GITHUB_EVENT_NAME: name = '', GITHUB_ACTOR: actor } = env;
  const payload = path ? payloadAt(path) : undefined;
  const visibility = memberOf(memberOf(payload, 'repository'), 'visibility');
  const known = { visibility: typeof visibility === 'string' ? visibility : '' };
  if (!PULL_REQUEST.test(name)) return known;
  if (isFromFork(memberOf(payload, 'pull_request'))) return { ...known, stranger: 'fork' };
  return actor === 'dependabot[bot]' ? { ...known, stranger: 'dependabot' } : known;
}

/** A deleted fork has no head repository. */
function isFromFork(pullRequest: unknown): boolean {
  const base = memberOf(memberOf(memberOf(pullRequest, 'base'), 'repo'), 'id');
  const head = memberOf(memberOf(memberOf(pullRequest, 'head'), 'repo'), 'id');
  return base !== undefined && base !== head;
}

function memberOf(json: unknown, name: string): unknown {
  return isRecord(json) ? json[name] : undefined;
}

function payloadAt(path: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
