// The proxy variables of the job: an address that cannot be used is an input problem, and its password is never printed.
import { setSecret } from '@actions/core';

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** The names of those whose value is not the address of an HTTP proxy. */
export function unusableProxies(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return VARIABLES.filter((name) => {
    const address = env[name] ?? '';
    return address !== '' && !isProxy(address);
  });
}

function isProxy(address: string): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  if (url.password !== '') setSecret(url.password);
  // An unescaped "/" or "#" in the password ends the host, and the rest of the login is taken for a port or a path.
  const isPlain = ['', '/'].includes(url.pathname) && url.hash === '' && url.search === '';
  return isPlain && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '';
}
