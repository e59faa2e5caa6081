// The job's identity token, for Sigstore and for nobody else.
import { getIDToken } from '@actions/core';
import { ActionError, messageOf } from '../errors.ts';

const AUDIENCE = 'sigstore';

/** The runner's client masks the token and honours proxies. */
export async function getIdentityToken(): Promise<string> {
  try {
    return await getIDToken(AUDIENCE);
  } catch (error) {
    // The client's message may quote what the server answered, so only the kind of failure is passed on.
    const status = /Error Code : (\d+)/.exec(messageOf(error))?.[1];
    throw new ActionError('service', 'SERVICE_REFUSED', {
      message: `Cannot get an identity token: the runner's token service answered ${status ?? 'nothing usable'}`,
      remedy:
        'run the job again; if it stays, check "permissions: id-token: write" and https://www.githubstatus.com',
    });
  }
}

export function noIdentityToken(): ActionError {
  return new ActionError('permission', 'PERMISSION_ID_TOKEN', {
    message: 'Cannot sign: this job may not ask for an identity token',
    remedy: [
      'add to the job (and to the job that calls it, if this is a reusable workflow):',
      '  permissions:',
      '    contents: read',
      '    id-token: write',
      '    packages: write',
    ].join('\n'),
  });
}
