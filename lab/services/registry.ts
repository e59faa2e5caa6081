// An OCI 1.1 distribution registry in memory, with a storage server behind blob redirects.
import { readFromStorage } from './registry/blobs.ts';
import { Gatekeeper } from './registry/auth.ts';
import { RateLimit } from './registry/rate-limit.ts';
import { route } from './registry/routes.ts';
import { defaultSettings, type RegistrySettings } from './registry/settings.ts';
import { Store } from './registry/store.ts';
import { type Running, Service } from './service.ts';

export interface RegistryOptions extends Partial<RegistrySettings> {
  readonly port?: number;
}

export interface RegistryFacts {
  readonly url: string;
  readonly storage: string;
}

export async function serveRegistry({
  port,
  ...chosen
}: RegistryOptions): Promise<Running<RegistryFacts>> {
  const settings: RegistrySettings = { ...defaultSettings, ...chosen };
  const store = new Store();
  const service = new Service();
  const storage = await service.open('storage');
  storage.serve((exchange) => readFromStorage(exchange, store));
  const registry = await service.open('registry', port);
  const context = {
    store,
    settings,
    storage: storage.origin,
    gatekeeper: new Gatekeeper(settings),
    limit: new RateLimit(settings),
  };
  registry.serve((exchange) => route(exchange, context));
  return service.ready({ url: registry.origin, storage: storage.origin }, (changes) =>
    Object.assign(settings, changes),
  );
}
