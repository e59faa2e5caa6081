// Which addresses a server may redirect to: https or loopback, and never from the public network to a private one.
import { BlockList, isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The IP addresses of a host name; empty if they cannot be resolved here. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** Milliseconds: behind a proxy there may be no name service, and the proxy resolves names itself. */
const LOOKUP_TIMEOUT = 2000;

/** The blocks of the IANA special-purpose registries that are not on the public network, including NAT64. */
const INTERNAL: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
];

const internal = new BlockList();
for (const [network, prefix] of INTERNAL)
  internal.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');

/** `localhost` and its subdomains, 127.0.0.0/8 and ::1. */
export function isLoopback(hostname: string): boolean {
  const isName = /^(.*\.)?localhost\.?$/.test(hostname);
  return isName || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Why `target`, named by a response from `from`, must not be requested; undefined if it is allowed. */
export async function whyRefused(
  target: URL,
  from: URL,
  lookUp: Lookup = lookUpOnce,
): Promise<string | undefined> {
  if (target.origin === from.origin) return undefined;
  if (!isSecure(target) || (from.protocol === 'https:' && target.protocol !== 'https:')) {
    return 'that is not https';
  }
  const isInward = await isInternal(target.hostname, lookUp);
  if (!isInward || (await isInternal(from.hostname, lookUp))) return undefined;
  return `that is an internal address, and ${from.host} is a public one`;
}

/** https, or plain http on this machine itself. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** By name, as an address, or by any address that the name resolves to here. */
async function isInternal(hostname: string, lookUp: Lookup): Promise<boolean> {
  if (isLoopback(hostname)) return true;
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const isLiteral = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
  const addresses = isLiteral ? [literal] : await lookUp(hostname);
  return addresses.some((address) => internal.check(address, familyOf(address)));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

const known = new Map<string, Promise<readonly string[]>>();

/** A name has the same addresses for the whole step. */
function lookUpOnce(hostname: string): Promise<readonly string[]> {
  const addresses = known.get(hostname) ?? lookUpNow(hostname);
  known.set(hostname, addresses);
  return addresses;
}

async function lookUpNow(hostname: string): Promise<readonly string[]> {
  // Loaded late, because few steps look up a name themselves.
  const { lookup } = await import('node:dns/promises');
  const found = lookup(hostname, { all: true }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => [],
  );
  return Promise.race([found, sleep(LOOKUP_TIMEOUT, [], { ref: false })]);
}
