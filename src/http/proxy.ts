// Connections, through the proxy of the environment or, to addresses in NO_PROXY, without it.
import http, { type AgentOptions } from 'node:http';
import https from 'node:https';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { ActionError } from '../errors.ts';

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY in either case. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/** The connections to use for an address. */
export type AgentFor = (url: URL) => http.Agent;

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
/** Milliseconds that a connection stays open without a request. Behind a proxy the same limit is one for the tunnel. */
const IDLE = { direct: 4000, proxied: 30_000 };

/** Throws `input` if the address of the proxy is invalid. */
export function agentsFor(variables: ProxyVariables): AgentFor {
  const direct = agentsWith({ timeout: IDLE.direct });
  if (!VARIABLES.some((name) => variables[name])) return direct;
  const exceptions = (variables['no_proxy'] || variables['NO_PROXY'] || '').split(/[\s,]+/);
  const no_proxy = exceptions.flatMap(withSubdomains).join(',');
  const proxied = proxiedWith({ ...variables, NO_PROXY: no_proxy, no_proxy });
  // curl and Go support networks in NO_PROXY, and Node does not.
  const networks = networksIn(exceptions);
  return (url) => (isIn(networks, url) ? direct : proxied)(url);
}

function agentsWith(options: AgentOptions): AgentFor {
  const all = { keepAlive: true, ...options };
  const agents = { http: new http.Agent(all), https: new https.Agent(all) };
  return ({ protocol }) => (protocol === 'https:' ? agents.https : agents.http);
}

function proxiedWith(proxyEnv: ProxyVariables): AgentFor {
  try {
    return agentsWith({ timeout: IDLE.proxied, proxyEnv });
  } catch {
    // Node's error quotes the address, which may contain a password.
    throw new ActionError('input', 'INPUT_INVALID', {
      message: 'Cannot use the proxy in HTTPS_PROXY or HTTP_PROXY: it is not a proxy address',
      remedy:
        'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded',
    });
  }
}

/** In curl and Go a domain includes its subdomains; in Node only one that begins with a dot does. */
function withSubdomains(entry: string): readonly string[] {
  const isDomain = /^[a-z\d][a-z\d.-]*[a-z]$/i.test(entry) && !isIPv6(entry);
  return isDomain ? [entry, `.${entry}`] : [entry];
}

/** `10.0.0.0/8`, `fd00::/8`, and `::1`, in brackets or without, which Node does not recognize. */
function networksIn(exceptions: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of exceptions.map(withoutBrackets)) {
    const [address = '', prefix = isIPv6(entry) ? '128' : ''] = entry.split('/');
    const longest = isIPv6(address) ? 128 : 32;
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) continue;
    networks.addSubnet(address, Number(prefix), familyOf(address));
  }
  return networks;
}

function isIn(networks: BlockList, { hostname }: URL): boolean {
  const address = withoutBrackets(hostname);
  return isIP(address) !== 0 && networks.check(address, familyOf(address));
}

function withoutBrackets(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
