// A process that runs embedded services, and ends with the process that started it.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Running } from './service.ts';

/** What is running is known by its URL. */
interface Facts {
  readonly url: string;
}

export type ServiceKind = keyof typeof kinds;

/** A service is loaded when the first one of its kind starts. */
const kinds = {
  registry: async (options: object) => (await import('./registry.ts')).serveRegistry(options),
  github: async (options: object) => (await import('./github.ts')).serveGitHub(options),
  oidc: async (options: object) => (await import('./oidc.ts')).serveOidc(options),
  sigstore: async (options: object) => (await import('./sigstore.ts')).serveSigstore(options),
  tuf: async (options: object) => (await import('./tuf.ts')).serveTuf(options),
} satisfies Record<string, (options: object) => Promise<Running<Facts>>>;

const running = new Map<string, Running<Facts>>();

const server = http.createServer((request, response) => {
  answer(request).then(
    (facts) => response.end(JSON.stringify(facts)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once('disconnect', () => process.exit(0));
// V8's cache of compiled code is written only at an orderly end.
process.once('SIGTERM', () => process.exit(0));

async function answer(request: http.IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (request.method === 'DELETE') return stop(body as Facts);
  return start(body as { readonly kind: ServiceKind; readonly options: object });
}

async function start({
  kind,
  options,
}: {
  readonly kind: ServiceKind;
  readonly options: object;
}): Promise<Facts> {
  const service = await kinds[kind](options);
  running.set(service.facts.url, service);
  return service.facts;
}

async function stop({ url }: Facts): Promise<object> {
  await running.get(url)?.close();
  running.delete(url);
  return {};
}
