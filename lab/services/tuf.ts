// A TUF repository over HTTP that holds the targets it was given.
import { type Running, Service } from './service.ts';
import { TufRepository } from './tuf/repository.ts';

export interface TufSettings {
  /** Contents by target name, such as trusted_root.json; objects are written as JSON. */
  targets: Readonly<Record<string, string | object>>;
  /** `forged`: signed by a key that the root does not name. */
  timestamp: 'good' | 'expired' | 'forged';
  /** The version of the metadata; increases with every change of the settings unless the change sets another. */
  version: number;
  /** Targets that the metadata lists but the repository does not serve. */
  missing: readonly string[];
}

export interface TufOptions extends Partial<TufSettings> {
  readonly port?: number;
}

export interface TufFacts {
  readonly url: string;
  readonly rootJson: string;
}

export async function serveTuf({ port, ...chosen }: TufOptions): Promise<Running<TufFacts>> {
  const settings: TufSettings = {
    targets: {},
    timestamp: 'good',
    version: 1,
    missing: [],
    ...chosen,
  };
  const repository = new TufRepository();
  let files = publish(repository, settings);

  const service = new Service();
  const listener = await service.open('tuf', port);
  listener.serve(({ method, url }) => {
    const name = decodeURIComponent(url.pathname.slice(1));
    const content = files.get(name);
    const missing = settings.missing.some(
      (target) => name.startsWith('targets/') && name.endsWith(`.${target}`),
    );
    if (content === undefined || missing || (method !== 'GET' && method !== 'HEAD'))
      return { status: 404 };
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: content };
  });
  return service.ready({ url: listener.origin, rootJson: repository.rootJson }, (changes) => {
    Object.assign(settings, { version: settings.version + 1 }, changes);
    files = publish(repository, settings);
  });
}

function publish(repository: TufRepository, settings: TufSettings): Map<string, string> {
  const hour = 3600 * 1000;
  const targets = Object.entries(settings.targets).map(([name, content]) => [
    name,
    typeof content === 'string' ? content : JSON.stringify(content),
  ]);
  return repository.publish({
    targets: Object.fromEntries(targets) as Record<string, string>,
    version: settings.version,
    timestampExpires: new Date(Date.now() + (settings.timestamp === 'expired' ? -1 : 24) * hour),
    timestampSigner: settings.timestamp === 'forged' ? 'somebody' : 'timestamp',
  });
}
