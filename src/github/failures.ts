// What kept GitHub's attestation store from answering, and who can change that.
import { ActionError, messageOf } from '../errors.ts';
import type { Digest } from '../model/digest.ts';
import { isRecord } from '../model/parsed.ts';

export function tooMuch(of: string, digest: Digest, amount: string): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot judge every attestation of ${digest}: "${of}" has ${amount}`,
    remedy: 'delete attestations that nobody needs',
  });
}

export function unlisted(of: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot list the attestations in "${of}": GitHub answered something else than a list of them, or than a next page`,
    remedy: 'run the job again; see https://www.githubstatus.com',
  });
}

export function unreadable(url: URL, state: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot read a bundle of GitHub's attestation store from ${url.host}: ${state}`,
    remedy: `check that this runner may reach ${url.host}, then run the job again`,
  });
}

export function refusal(
  action: string,
  of: string,
  right: 'read' | 'write',
  error: unknown,
): ActionError {
  const status = statusOf(error);
  if (status === undefined && Error.isError(error) && error.cause instanceof ActionError)
    return error.cause;
  const state = status === undefined ? messageOf(error) : `GitHub answered ${status}`;
  const message = `Cannot ${action} in "${of}": ${state}`;
  if (status === 401)
    return new ActionError('permission', 'PERMISSION_ATTESTATIONS', {
      message,
      remedy: 'pass a valid "github-token"; the default is ${{ github.token }}',
    });
  if (status === 403)
    return new ActionError('permission', 'PERMISSION_ATTESTATIONS', {
      message,
      remedy: `add "permissions: attestations: ${right}" to the job, and to the job that calls it if this is a reusable workflow`,
    });
  if (status === 404 || status === 422)
    return new ActionError('service', 'SERVICE_REFUSED', {
      message,
      remedy:
        'GitHub keeps attestations for public repositories and for organisations with Enterprise Cloud; elsewhere use "stores: registry"',
    });
  return new ActionError('service', 'SERVICE_REFUSED', {
    message,
    remedy: 'run the job again; see https://www.githubstatus.com',
    cause: error,
  });
}

export function statusOf(error: unknown): number | undefined {
  return isRecord(error) &&
    typeof error['status'] === 'number' &&
    error['name'] === 'HttpError' &&
    isRecord(error['response'])
    ? error['status']
    : undefined;
}
