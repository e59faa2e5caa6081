// Where a registry answers: https, and plain http only on this machine itself.

/** The origin of the registry's API, `https://registry-1.docker.io` for Docker Hub. */
export function endpointOf(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io');
  const secure = new URL(`https://${registry}`);
  return isLoopback(secure.hostname) ? new URL(`http://${registry}`) : secure;
}

export function isLoopback(hostname: string): boolean {
  return (
    /^(.*\.)?localhost\.?$/.test(hostname) ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** Loopback, link-local and private addresses: no public registry sends anybody there for a token. */
export function isInternal(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.)/.test(hostname) ||
    /^\[(::|f[cd]|fe80:)/.test(hostname)
  );
}
