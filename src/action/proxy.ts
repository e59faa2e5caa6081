// The proxy variables of the job: an address that cannot be used is an input problem, and its password is never printed.
import { setSecret, warning } from '@actions/core';

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** The variables that select a proxy. */
export function proxyVariables(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const names = [...VARIABLES, 'NO_PROXY', 'no_proxy', 'NODE_USE_ENV_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** A step without network access except through its proxy would only see timeouts. */
export function warnOfUnusedProxy(name: string): void {
  warning(
    `${name} is set, but Node ${process.version} cannot use it for this action: requests are sent directly. Update the runner, or set NODE_USE_ENV_PROXY=1 for the job`,
    { title: 'Countersign' },
  );
}

/** The names of variables whose value is not the address of an HTTP proxy. */
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
  // An unescaped "/" or "#" in the password ends the host, and the rest of the login is parsed as a port or a path.
  const isPlain = ['', '/'].includes(url.pathname) && url.hash === '' && url.search === '';
  return isPlain && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '';
}
