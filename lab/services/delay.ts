// Passes connections on to an embedded service and delays its responses, as a network does.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

export interface DelayingRelay {
  readonly url: string;
  readonly host: string;
  /** Milliseconds from now on. */
  delay(milliseconds: number): void;
  stop(): void;
}

/** Every response arrives this much later; connecting takes no time. */
export async function relayWithDelay(origin: string): Promise<DelayingRelay> {
  const { hostname, port } = new URL(origin);
  const sockets = new Set<net.Socket>();
  let time = 0;
  const server = net.createServer({ noDelay: true }, (socket) => {
    const upstream = net.connect({ port: Number(port), host: hostname, noDelay: true });
    socket.pipe(upstream);
    // Timers of equal length fire in their order.
    upstream.on('data', (chunk: Buffer) => setTimeout(() => socket.write(chunk), time));
    upstream.on('end', () => setTimeout(() => socket.end(), time));
    for (const each of [socket, upstream]) {
      sockets.add(each);
      each.on('error', () => [socket, upstream].forEach((end) => end.destroy()));
      each.on('close', () => sockets.delete(each));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    delay: (milliseconds) => void (time = milliseconds),
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
