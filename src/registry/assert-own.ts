// Checks that an accepted error status, such as 404, is from the registry and not from a page that it redirects to.
import { ActionError } from '../errors.ts';
import type { HttpAnswer, HttpRequest } from '../http/message.ts';
import { formatRepository, type Repository } from '../model/reference.ts';

/** A request to a registry: below `/v2/<name>/`, or a URL that the registry gave. */
interface Asked extends Pick<HttpRequest, 'method'> {
  readonly path: string | URL;
  readonly purpose: string;
}

/** Returns the response; a redirect to the same path in another registry is allowed. */
export function assertOwn(
  { method, path, purpose }: Asked,
  answer: HttpAnswer,
  repository: Repository,
): HttpAnswer {
  const { status, url } = answer;
  if (method !== 'GET' || typeof path !== 'string' || status < 400) return answer;
  if (url.pathname.replace(/%3a/gi, ':').endsWith(`/${path}`)) return answer;
  throw new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot ${purpose} "${formatRepository(repository)}": GET ${path} was redirected to ${url.origin}${url.pathname}, which answered ${status}`,
    remedy: `check that ${repository.registry} is the registry and not a login page or proxy in front of it`,
  });
}
