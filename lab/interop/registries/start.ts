// Registries beside those of the stack: olareg without its Referrers API, and olareg and distribution with a token service.
import type http from 'node:http';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { freePorts } from '../../stack/ports.ts';
import { type ServiceSpec, startService } from '../../stack/service.ts';
import type { Registry, Stack } from '../../stack/stack.ts';
import { cache } from '../../tools/cache.ts';
import { type Refuse, startFront } from '../front.ts';
import { type Realm, startRealm } from './realm.ts';

export interface OtherRegistry extends Registry {
  /** The directory for DOCKER_CONFIG, with a login for the registry if it requires one. */
  readonly dockerConfig: string;
  readonly stop: () => Promise<void>;
}

export const starters: readonly ((stack: Stack) => Promise<OtherRegistry>)[] = [
  withoutReferrersApi,
  olaregWithTokens,
  distributionWithTokens,
];

async function withoutReferrersApi(stack: Stack): Promise<OtherRegistry> {
  const { host, stop } = await startOlareg(stack, '--api-referrer=false');
  return { name: 'olareg without its API', host, stop, dockerConfig: await configure(stack, {}) };
}

async function olaregWithTokens(stack: Stack): Promise<OtherRegistry> {
  const realm = await startRealm();
  const registry = await startOlareg(stack);
  const front = await startFront(registry.host, unlessAllowedBy(realm));
  return {
    name: 'olareg with tokens',
    host: front.host,
    dockerConfig: await configure(stack, { [front.host]: { auth: realm.login } }),
    async stop() {
      for (const each of [front, registry, realm]) await each.stop();
    },
  };
}

async function distributionWithTokens(stack: Stack): Promise<OtherRegistry> {
  const realm = await startRealm();
  const { http: port } = await freePorts(['http']);
  const host = `127.0.0.1:${port}`;
  const folder = await mkdtemp(join(stack.folder, 'distribution-'));
  const [config, keys] = [join(folder, 'config.yaml'), join(folder, 'keys.json')];
  const { url, service, issuer } = realm;
  const settings = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    http: { addr: host },
    auth: { token: { realm: url, service, issuer, jwks: keys, signingalgorithms: ['ES256'] } },
  };
  await writeFile(keys, JSON.stringify(realm.keys));
  await writeFile(config, JSON.stringify(settings));
  const { stop } = await start(stack, {
    name: 'distribution-with-tokens',
    command: [stack.tool('distribution'), 'serve', config],
    ready: `tcp://${host}`,
  });
  return {
    name: 'distribution with tokens',
    host,
    dockerConfig: await configure(stack, { [host]: { auth: realm.login } }),
    async stop() {
      await stop();
      await realm.stop();
    },
  };
}

async function startOlareg(
  stack: Stack,
  ...flags: readonly string[]
): Promise<{ readonly host: string; readonly stop: () => Promise<void> }> {
  const { http: port } = await freePorts(['http']);
  const host = `127.0.0.1:${port}`;
  const address = ['--addr', '127.0.0.1', '--port', String(port)];
  const storage = ['--store-type', 'mem', '--gc-frequency', '-1s'];
  const service = await start(stack, {
    name: 'olareg-beside',
    command: [stack.tool('olareg'), 'serve', ...address, ...storage, ...flags],
    ready: `http://${host}/v2/`,
  });
  return { host, stop: service.stop };
}

function start({ env, folder }: Stack, spec: ServiceSpec): ReturnType<typeof startService> {
  return startService(spec, { env, cwd: folder, logs: join(cache, 'logs') });
}

async function configure({ folder }: Stack, auths: object): Promise<string> {
  const directory = await mkdtemp(join(folder, 'docker-'));
  await writeFile(join(directory, 'config.json'), JSON.stringify({ auths }));
  return directory;
}

/** As distribution does it: a challenge with the scope that the request needs. */
function unlessAllowedBy(realm: Realm): Refuse {
  return ({ method = 'GET', url = '', headers: { authorization } }: http.IncomingMessage) => {
    const [, name = ''] = /^\/v2\/(.+?)\/(?:manifests|blobs|referrers|tags)\//.exec(url) ?? [];
    const action = ['GET', 'HEAD'].includes(method) ? 'pull' : 'push';
    if (realm.allows(authorization, name, action)) return undefined;
    const scope = `repository:${name}:${action === 'push' ? 'pull,push' : 'pull'}`;
    const parameters = { realm: realm.url, service: realm.service, ...(name ? { scope } : {}) };
    const challenge = Object.entries(parameters).map(([key, value]) => `${key}="${value}"`);
    const headers = { 'WWW-Authenticate': `Bearer ${challenge.join(',')}` };
    return { status: 401, headers, body: Buffer.from('{"errors":[{"code":"UNAUTHORIZED"}]}') };
  };
}
