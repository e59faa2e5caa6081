// GitHub's REST API over the one transport: the token is sent only to the API's own origin.
import type { HttpAnswer, HttpRequest, Transport } from '../http/message.ts';

export interface GetOptions {
  readonly signal?: AbortSignal | undefined;
  readonly sink?: HttpRequest['sink'];
}

export interface GitHubApi {
  readonly url: URL;
  /** `path` starts with a slash. */
  get(path: string, options: GetOptions): Promise<HttpAnswer>;
  /** Never repeated unchanged: `again` returns what to send instead. */
  post(path: string, body: Buffer, again: NonNullable<HttpRequest['again']>): Promise<HttpAnswer>;
}

/** The kind of owner under which the API stores attestations. */
export type Scope = 'repos' | 'orgs' | 'users';

/** `of` is `owner/name`, or an owner; the path starts with a slash. */
export function attestationsPath(scope: Scope, of: string): string {
  return `/${scope}/${of.split('/').map(encodeURIComponent).join('/')}/attestations`;
}

/** Whether a name is `owner/name` rather than an owner. */
export function isRepository(of: string): boolean {
  return of.includes('/');
}

const ANSWER_LIMIT = 64 << 20;
/** GitHub redirects from the former name of a repository to its id. */
const REDIRECTS = 3;

export function githubApi(
  apiUrl: string,
  token: string | undefined,
  transport: Transport,
): GitHubApi {
  const headers = {
    accept: 'application/vnd.github+json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    'x-github-api-version': '2022-11-28',
  };
  return {
    url: new URL(apiUrl),
    async get(path, { signal, sink }) {
      let url = new URL(apiUrl + path);
      for (let hop = 0; ; hop++) {
        const answer = await transport({
          method: 'GET',
          url,
          headers,
          limit: ANSWER_LIMIT,
          redirect: 'return',
          ...(sink ? { sink } : {}),
          ...(signal ? { signal } : {}),
        });
        const next = redirectAtHome(answer);
        if (!next || hop === REDIRECTS) return answer;
        url = next;
      }
    },
    post: (path, body, again) =>
      transport({
        method: 'POST',
        url: new URL(apiUrl + path),
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        limit: ANSWER_LIMIT,
        again,
      }),
  };
}

/** The target of a redirect, if it is at the origin that sent it. */
function redirectAtHome({ status, headers, url }: HttpAnswer): URL | undefined {
  const location = status >= 300 && status < 400 ? headers.get('location') : null;
  const target = location === null ? null : URL.parse(location, url.href);
  return target?.origin === url.origin ? target : undefined;
}
