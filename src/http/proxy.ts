// The proxy of the environment: used for every request of this process, except to addresses in NO_PROXY.
import http from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { ActionError } from '../errors.ts';

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY in either case, and NODE_USE_ENV_PROXY. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

type SetProxy = (variables: Record<string, string | undefined>) => void;

interface Exceptions {
  readonly networks: BlockList;
  /** Requested addresses in these networks. */
  readonly met: Set<string>;
  readonly renew: (met: ReadonlySet<string>) => void;
}

let exceptions: Exceptions | undefined;

/** Makes the built-in clients use the proxy; returns the name of its variable if this Node cannot. */
export function useProxyFromEnvironment(variables: ProxyVariables): string | undefined {
  exceptions = undefined;
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
  const name = names.find((each) => variables[each]);
  if (name === undefined) return undefined;
  const { setGlobalProxyFromEnv: set } = http as { setGlobalProxyFromEnv?: SetProxy };
  if (!set) return variables['NODE_USE_ENV_PROXY'] === '1' ? undefined : name;
  const direct = variables['no_proxy'] || variables['NO_PROXY'] || '';
  const renew: Exceptions['renew'] = (met) => {
    const no_proxy = [direct, ...met].join(',');
    set({ ...variables, NO_PROXY: no_proxy, no_proxy });
  };
  try {
    renew(new Set());
  } catch {
    // Node's error quotes the address, which may contain a password.
    throw new ActionError('input', 'INPUT_INVALID', {
      message: 'Cannot use the proxy in HTTPS_PROXY or HTTP_PROXY: it is not a proxy address',
      remedy:
        'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded',
    });
  }
  exceptions = { networks: networksIn(direct), met: new Set(), renew };
  return undefined;
}

/** curl and Go support networks in NO_PROXY, and Node does not: an address in one is added by itself before it is requested. */
export function leaveOutProxy({ hostname }: URL): void {
  if (!exceptions || exceptions.met.has(hostname)) return;
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) === 0 || !exceptions.networks.check(address, familyOf(address))) return;
  exceptions.met.add(hostname);
  exceptions.renew(exceptions.met);
}

/** `10.0.0.0/8`, `fd00::/8`, and `::1`, which Node parses as a host with a port. */
function networksIn(direct: string): BlockList {
  const networks = new BlockList();
  for (const entry of direct.split(/[\s,]+/)) {
    const [address = '', prefix = isIPv6(entry) ? '128' : ''] = entry.split('/');
    const longest = isIPv6(address) ? 128 : 32;
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) continue;
    networks.addSubnet(address, Number(prefix), familyOf(address));
  }
  return networks;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
