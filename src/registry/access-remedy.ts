// What to change when a registry denies access, by the credentials that were used.
import type { Repository } from '../model/reference.ts';
import type { Credentials } from './login.ts';

export type Access = 'pull' | 'pull,push';

export function accessRemedy(
  { registry, path }: Repository,
  access: Access,
  credentials: Credentials,
): string {
  const used = describeCredentials(credentials);
  if (credentials.kind === 'anonymous')
    return `log in to ${registry} with docker/login-action before this step (${used})`;
  const right = access === 'pull' ? 'packages: read' : 'packages: write';
  return registry === 'ghcr.io'
    ? `add "permissions: ${right}" to the job, and give this repository access in the package's settings under "Manage Actions access" (${used})`
    : `grant ${access} access to "${path}" to the account that was used (${used})`;
}

/** `credentials from github-token`, `no credentials found for docker.io`. */
export function describeCredentials({ kind, from }: Credentials): string {
  return kind === 'anonymous' ? from : `credentials from ${from}`;
}
