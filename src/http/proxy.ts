// The proxy of the environment: used by every request of this process.
import http from 'node:http';
import { ActionError } from '../errors.ts';

/** Makes the built-in clients honour HTTPS_PROXY and NO_PROXY, where this Node can. */
export function useProxyFromEnvironment(): void {
  try {
    (http as { setGlobalProxyFromEnv?: () => void }).setGlobalProxyFromEnv?.();
  } catch {
    // The error of Node quotes the address, which may have a password in it.
    throw new ActionError('input', 'INPUT_INVALID', {
      message: 'Cannot use the proxy in HTTPS_PROXY or HTTP_PROXY: it is not a proxy address',
      remedy:
        'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded',
    });
  }
}
