// The proxy variables of the job: an address that cannot be used is an input problem, and its password is never printed.
import { setSecret, warning } from '@actions/core';

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** The variables that select a proxy. */
export function proxyVariables(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const names = [...VARIABLES, 'NO_PROXY', 'no_proxy'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** The variables to use: none if this Node cannot use a proxy, with a warning, because a step that needs its proxy would only see timeouts. */
export function supportedProxy(
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const name = VARIABLES.find((each) => variables[each]);
  // The release with this option is the first in which connections of node:http use a proxy.
  if (name === undefined || process.allowedNodeEnvironmentFlags.has('--use-env-proxy'))
    return variables;
  warning(
    `${name} is set, but Node ${process.version} cannot use it for this action: requests are sent directly. Update the runner`,
    { title: 'Countersign' },
  );
  return {};
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
