// The address of a registry: https, and plain http only on this machine.
import { isLoopback } from '../http/addresses.ts';

/** The origin of the registry's API, `https://registry-1.docker.io` for Docker Hub. */
export function endpointOf(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io');
  const secure = new URL(`https://${registry}`);
  return isLoopback(secure.hostname) ? new URL(`http://${registry}`) : secure;
}
