// A proxy for a registry that passes everything except writes of fallback tags: those are rejected, delayed, or executed without a response.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../fuzz/random.ts';
import { bytesOf, forward } from '../../services/forward.ts';

export interface FaultProxy {
  readonly host: string;
  /** How often each fault was used. */
  readonly met: ReadonlyMap<string, number>;
  /** Digests of the manifests that a client of this name has written to a repository. */
  writtenBy(agent: string, repository: string): readonly string[];
  close(): void;
}

interface Fate {
  readonly name: string;
  readonly status?: number;
  readonly retryAfter?: string;
  readonly isLost?: true;
}

/** One of ten each; the other half is executed with a response. */
const FATES: readonly Fate[] = [
  { name: '429', status: 429 },
  { name: '429 with Retry-After', status: 429, retryAfter: '1' },
  { name: '503', status: 503 },
  { name: '503 with Retry-After', status: 503, retryAfter: '1' },
  { name: 'answer lost', isLost: true },
];
/** Milliseconds before a write takes effect, at most; half of them have no delay. */
const SLOWEST = 2000;
const TAG = /\/manifests\/sha256-[0-9a-f]{64}$/;
const MANIFEST = /\/manifests\/(sha256:[0-9a-f]{64})$/;

export async function startFaultProxy(origin: string, chance: Chance): Promise<FaultProxy> {
  const met = new Map<string, number>();
  const written: { readonly agent: string; readonly path: string; readonly digest: string }[] = [];
  const agent = new http.Agent({ keepAlive: true });

  const handle = async (
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> => {
    const body = await bytesOf(request);
    const path = request.url ?? '';
    const isTag = request.method === 'PUT' && TAG.test(path);
    const fate = isTag ? fateFor(chance) : undefined;
    const wait = isTag && chance.below(2) === 1 ? chance.below(SLOWEST) : 0;
    if (fate) met.set(fate.name, (met.get(fate.name) ?? 0) + 1);
    if (fate?.status !== undefined) {
      const headers = fate.retryAfter === undefined ? {} : { 'retry-after': fate.retryAfter };
      response.writeHead(fate.status, headers).end();
      return;
    }
    if (wait > 0) {
      met.set('slow', (met.get('slow') ?? 0) + 1);
      await sleep(wait);
    }
    const answer = await forward(new URL(path, origin), request, body, agent);
    const digest = request.method === 'PUT' ? MANIFEST.exec(path)?.[1] : undefined;
    if (digest !== undefined && answer.status === 201)
      written.push({ agent: request.headers['user-agent'] ?? '', path, digest });
    if (fate?.isLost) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  };

  const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    met,
    writtenBy: (name, repository) =>
      written
        .filter((each) => each.agent.startsWith(name) && each.path.includes(`/${repository}/`))
        .map(({ digest }) => digest),
    close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}

function fateFor(chance: Chance): Fate | undefined {
  return FATES[chance.below(2 * FATES.length)];
}
