// Free ports on loopback.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';

/** All are held until the last is found, so that they differ. */
export async function freePorts<Name extends string>(
  names: readonly Name[],
): Promise<Readonly<Record<Name, number>>> {
  const servers = await Promise.all(names.map(() => listen(0)));
  const ports = names.map((name, index) => [name, (servers[index]?.address() as AddressInfo).port]);
  await Promise.all(servers.map(close));
  return Object.fromEntries(ports) as Record<Name, number>;
}

export async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch {
    return false;
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, HOST);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
