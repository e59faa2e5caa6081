// Replaces https servers of the internet: a connection to one of their names goes to an embedded service.
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';

import { certificateFor } from './tls.ts';

export interface Relay {
  /** `127.0.0.1:port`, for every name. */
  readonly host: string;
  /** Path of the PEM file with the authority of its certificate. */
  readonly authority: string;
  stop(): Promise<void>;
}

/** Origins of embedded services by the name of the server that each replaces. */
export async function relayTls(services: Readonly<Record<string, string>>): Promise<Relay> {
  const { key, cert, authority } = certificateFor(...Object.keys(services));
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ key, cert }, (socket) => {
    const { hostname, port } = new URL(services[socket.servername || ''] ?? 'http://no-host');
    const upstream = net.connect(Number(port), hostname);
    socket.pipe(upstream).pipe(socket);
    for (const each of [socket, upstream])
      sockets.add(each.on('error', () => [socket, upstream].forEach((end) => end.destroy())));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'relay-')), 'ca.pem');
  await writeFile(file, authority);
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: file,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
