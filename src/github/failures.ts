// Errors of GitHub's attestation store, and who must act.
import { ActionError, messageOf } from '../errors.ts';
import type { HttpAnswer } from '../http/message.ts';
import type { Digest } from '../model/digest.ts';
import { describeStatus } from '../http/status.ts';

const AGAIN = 'run the job again; see https://www.githubstatus.com';

export function tooMuch(of: string, digest: Digest, amount: string): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot check every attestation of ${digest}: "${of}" has ${amount}`,
    remedy: 'delete attestations that are no longer needed',
  });
}

export function unlisted(of: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot list the attestations in "${of}": the response from GitHub is not a list of attestations, or its next page is not on the same server`,
    remedy: AGAIN,
  });
}

export function brokenOff(of: string, error: unknown): ActionError {
  return new ActionError('service', 'SERVICE_REFUSED', {
    message: `Cannot list the attestations in "${of}": ${messageOf(error)}`,
    remedy: AGAIN,
    cause: error,
  });
}

export function unreadable(url: URL, state: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot read a bundle of GitHub's attestation store from ${url.host}: ${state}`,
    remedy: `check that this runner can connect to ${url.host}, then run the job again`,
  });
}

/** GitHub's response was lost, and the list cannot replace it for this reason. */
export function unknownRecord(of: string, cause: ActionError): ActionError {
  return unseen(
    `Cannot find out whether the attestation is recorded in "${of}": ${cause.message}`,
    cause,
  );
}

/** `cause` prevented reading the list; without one, the list does not contain the record. */
export function unlistedRecord(of: string, id: string, cause?: ActionError): ActionError {
  const state = cause?.message ?? 'the list of attestations does not contain it';
  return unseen(`Cannot confirm attestation ${id} in "${of}": ${state}`, cause);
}

function unseen(message: string, cause: ActionError | undefined): ActionError {
  const first = cause ? `${cause.remedy}; ` : '';
  return new ActionError(cause?.kind ?? 'service', 'STORE_UNLISTED', {
    message,
    remedy: `${first}check whether it is there before you run the job again, which records another one`,
    cause,
  });
}

export function notRecorded(of: string, answer: HttpAnswer): ActionError {
  return refusal('record the attestation', of, 'write', answer, recordingState(answer));
}

function recordingState(answer: HttpAnswer): string {
  const { status } = answer;
  if (status === 201) return '201 without the id of a record';
  return status < 300 ? `${status}, not 201 with the id of a record` : describeStatus(answer);
}

export function refusal(
  action: string,
  of: string,
  right: 'read' | 'write',
  answer: HttpAnswer,
  state = describeStatus(answer),
): ActionError {
  const { status, url } = answer;
  const message = `Cannot ${action} in "${of}": GitHub answered ${state}`;
  if (status < 400)
    return new ActionError('service', 'SERVICE_ANSWER', {
      message,
      remedy: `check what answers at ${url.host}: the address may be wrong, or a proxy may answer instead`,
    });
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
        'GitHub stores attestations only for public repositories and for organizations on Enterprise Cloud; elsewhere use "stores: registry"',
    });
  return new ActionError('service', 'SERVICE_REFUSED', { message, remedy: AGAIN });
}
