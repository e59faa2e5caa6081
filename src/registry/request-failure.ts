// Errors of requests to a registry, which say what to change. OCI distribution-spec 1.1, "Error Codes".
import { ActionError } from '../errors.ts';
import type { HttpAnswer, HttpRequest } from '../http/message.ts';
import { isRecord, parseJson } from '../text/json.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import { accessRemedy, type Access } from './access-remedy.ts';
import { endpointOf } from './endpoint.ts';
import type { Credentials } from './login.ts';
import { mediaTypeOf } from './media-types.ts';

/** What the message of a failed request is made of. */
export interface Explained extends Pick<HttpRequest, 'method'> {
  /** What the request does, to complete "Cannot … ghcr.io/acme/app": `push to`. */
  readonly purpose: string;
  /** The remedy for a failure with this status; `usual` is the default one. */
  readonly remedy?: (status: number, usual: string) => string;
}

interface Requester {
  readonly repository: Repository;
  readonly access: Access;
  readonly credentials: Credentials;
}

export function isRefusal({ status }: HttpAnswer): boolean {
  return status === 401 || status === 403;
}

export function requestFailure(
  { method, purpose, remedy = (_status, usual) => usual }: Explained,
  answer: HttpAnswer,
  { repository, access, credentials }: Requester,
): ActionError {
  const isHtml = mediaTypeOf(answer.headers) === 'text/html';
  const state = [
    `${method} ${answer.url.pathname} answered ${answer.status}`,
    ociCode(answer),
    isHtml ? '(an HTML page)' : '',
  ]
    .filter(Boolean)
    .join(' ');
  const message = `Cannot ${purpose} "${formatRepository(repository)}": ${state}`;
  if (isRefusal(answer)) {
    return new ActionError('permission', 'PERMISSION_REGISTRY', {
      message,
      remedy: remedy(answer.status, accessRemedy(repository, access, credentials)),
    });
  }
  return new ActionError('service', 'SERVICE_REFUSED', {
    message,
    remedy: remedy(answer.status, usualRemedy(answer.status, repository)),
  });
}

function usualRemedy(status: number, { registry }: Repository): string {
  if (status === 404)
    return 'check the name and the digest, and that the image was pushed before this step';
  if (status === 413)
    return 'raise the limit for the size of a request in the registry, or in the proxy in front of it, to 4 MiB (nginx: "client_max_body_size 4m")';
  if (status === 400 || status === 415)
    return 'the registry does not accept OCI 1.1 artifacts; use one that does, or "stores: github"';
  if (status === 431)
    return 'the registry does not accept a token of this length: use fewer repositories in one step, or log in with an account that has fewer permissions';
  return `check that ${endpointOf(registry).host} is the registry and not a login page or proxy in front of it`;
}

/** The first error code of an OCI error response, such as `DENIED`; nothing else of the body goes into a message. */
function ociCode({ body }: HttpAnswer): string {
  const json = parseJson(body.toString());
  const errors =
    isRecord(json) && Array.isArray(json['errors']) ? (json['errors'] as unknown[]) : [];
  const code = isRecord(errors[0]) ? errors[0]['code'] : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : '';
}
