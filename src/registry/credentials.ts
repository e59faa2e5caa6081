// Credentials for a repository: from the inputs, else from Docker's or podman's logins and their helpers, else GitHub's token for ghcr.io, else none.
import type { RunProgram } from '../model/program.ts';
import type { Repository } from '../model/reference.ts';
import { askHelper, type HelperCall } from './credential-helper.ts';
import type { Credentials, Keychain } from './login.ts';
import { type LoginFile, readLoginFile } from './login-file.ts';
import { refreshToken, type WithRefreshToken } from './refresh-token.ts';

export interface KeychainOptions {
  readonly explicit?: { readonly username: string; readonly password: string };
  /** Docker's `config.json` and podman's `auth.json`; the first with an entry is used, and they need not exist. */
  readonly loginFiles: readonly string[];
  readonly run: RunProgram;
  /** Masks a secret in the log of the job. */
  readonly mask: (secret: string) => void;
  /** For ghcr.io, which only accepts tokens of github.com. */
  readonly githubToken?: string;
}

export function createKeychain({
  explicit,
  loginFiles,
  run,
  mask,
  githubToken,
}: KeychainOptions): Keychain {
  const readFiles = once(async () => {
    const files = await Promise.all(loginFiles.map(readLoginFile));
    return files.filter((file) => file !== undefined);
  });
  const ask = remembered(
    ({ suffix, file, server }: HelperCall) => [suffix, file, server].join('\n'),
    (call: HelperCall) => askHelper(call, run),
  );

  const find = async (repository: Repository): Promise<Credentials> => {
    if (explicit)
      return { kind: 'password', ...explicit, from: 'registry-username and registry-password' };
    const { registry } = repository;
    const files = await readFiles();
    for (const file of files) {
      for (const call of helperCalls(registry, file)) {
        const credentials = await ask(call);
        if (credentials) return credentials;
      }
      const credentials = fromAuths(repository, file);
      if (credentials) return credentials;
    }
    if (registry === 'ghcr.io' && githubToken)
      return {
        kind: 'password',
        username: 'github-token',
        password: githubToken,
        from: 'github-token',
        chosen: 'by default',
      };
    return { kind: 'anonymous', from: nothingFound(registry, files) };
  };

  const known = remembered(
    ({ registry, path }: Repository) => `${registry}/${path}`,
    async (repository) => {
      const credentials = await find(repository);
      for (const secret of secretsOf(credentials)) mask(secret);
      return credentials;
    },
  );
  const logins = new Map<string, WithRefreshToken>();
  return async (repository) => {
    const credentials = await known(repository);
    if (credentials.kind !== 'identity-token') return credentials;
    const { token } = credentials;
    const withToken = logins.get(token) ?? refreshToken(token, mask);
    logins.set(token, withToken);
    return { ...credentials, withToken };
  };
}

/** The helper for the registry, then the one for all registries. */
function helperCalls(registry: string, { path, helpers, store }: LoginFile): readonly HelperCall[] {
  const own = hostsOf(registry)
    .map((host) => helpers.get(host))
    .find(Boolean);
  // Docker stores the login for Docker Hub under this address.
  const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  return [own, store]
    .filter((suffix) => suffix !== undefined)
    .map((suffix) => ({ suffix, file: path, server }));
}

/** containers-auth.json(5): the entry with the longest prefix of the name. */
function fromAuths({ registry, path }: Repository, file: LoginFile): Credentials | undefined {
  const parts = path.split('/');
  const beginnings = parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`);
  for (const beginning of [...beginnings, '']) {
    for (const host of hostsOf(registry)) {
      const entry = file.auths.get(`${host}${beginning}`);
      const credentials = entry && fromEntry(entry, file.path);
      if (credentials) return credentials;
    }
  }
  return undefined;
}

function hostsOf(registry: string): readonly string[] {
  return registry === 'docker.io'
    ? ['index.docker.io', 'docker.io', 'registry-1.docker.io']
    : [registry];
}

function fromEntry(
  entry: Readonly<Record<string, unknown>>,
  from: string,
): Credentials | undefined {
  const text = (name: string): string => (typeof entry[name] === 'string' ? entry[name] : '');
  if (text('registrytoken')) return { kind: 'bearer', token: text('registrytoken'), from };
  if (text('identitytoken')) return { kind: 'identity-token', token: text('identitytoken'), from };
  const pair = Buffer.from(text('auth'), 'base64').toString();
  const colon = pair.indexOf(':');
  const username = text('username') || pair.slice(0, Math.max(colon, 0));
  const password = text('password') || pair.slice(colon + 1);
  return username && password ? { kind: 'password', username, password, from } : undefined;
}

/** With the other logins: a login for a similar name, or a helper that hides its failure, is the usual cause. */
function nothingFound(registry: string, files: readonly LoginFile[]): string {
  const places = files.map((file) => {
    const asked = helperCalls(registry, file).map(({ suffix }) => `docker-credential-${suffix}`);
    const names = [...file.auths.keys()].slice(0, 5);
    const details = [
      ...asked.map((helper) => `${helper} has none`),
      ...(names.length === 0 ? [] : [`it has ${names.join(', ')}`]),
    ];
    return details.length === 0 ? file.path : `${file.path} (${details.join('; ')})`;
  });
  const looked = places.length === 0 ? '' : ` in ${places.join(' and ')}`;
  return `no credentials found for ${registry}${looked}`;
}

function secretsOf(credentials: Credentials): readonly string[] {
  if (credentials.kind === 'anonymous') return [];
  if (credentials.kind !== 'password') return [credentials.token];
  const { username, password } = credentials;
  return [password, Buffer.from(`${username}:${password}`).toString('base64')];
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function remembered<Key, T>(
  name: (key: Key) => string,
  find: (key: Key) => Promise<T>,
): (key: Key) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const found = known.get(name(key)) ?? find(key);
    known.set(name(key), found);
    return found;
  };
}
