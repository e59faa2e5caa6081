// Credentials for a registry: from the inputs, else from `auths` in the Docker configuration, else GitHub's token for ghcr.io, else none.
import { readFile } from 'node:fs/promises';
import { ActionError } from '../errors.ts';
import { isRecord, parseJson } from '../text/json.ts';

export type Credentials = {
  /** Where they come from, for messages; a whole phrase for `anonymous`. */
  readonly from: string;
  /** Set if the user did not choose them: reads that are denied are retried anonymously. */
  readonly chosen?: 'by default';
} & (
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token (`identitytoken`). */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** A token that is sent unchanged (`registrytoken`). */
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'anonymous' }
);

export type Keychain = (registry: string) => Promise<Credentials>;

export interface KeychainOptions {
  readonly explicit?: { readonly username: string; readonly password: string };
  /** Path of Docker's `config.json`; it need not exist. */
  readonly dockerConfig: string;
  /** For ghcr.io, which only knows tokens of github.com. */
  readonly githubToken?: string;
}

export function createKeychain({ explicit, dockerConfig, githubToken }: KeychainOptions): Keychain {
  let file: Promise<DockerConfig> | undefined;
  return async (registry) => {
    if (explicit)
      return { kind: 'password', ...explicit, from: 'registry-username and registry-password' };
    file ??= readDockerConfig(dockerConfig);
    const { auths, helpers } = await file;
    const entry = keysOf(registry)
      .map((key) => auths[key])
      .find((auth) => auth !== undefined);
    const credentials = entry && fromEntry(entry, dockerConfig);
    if (credentials) return credentials;
    const helper = keysOf(registry)
      .map((key) => helpers[key])
      .find((name) => name !== undefined);
    if (registry === 'ghcr.io' && githubToken)
      return {
        kind: 'password',
        username: 'github-token',
        password: githubToken,
        from: 'github-token',
        chosen: 'by default',
      };
    return {
      kind: 'anonymous',
      from: helper
        ? `no credentials used for ${registry}: ${dockerConfig} names the credential helper "${helper}", which is not run`
        : `no credentials found for ${registry}`,
    };
  };
}

interface DockerConfig {
  readonly auths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly helpers: Readonly<Record<string, string>>;
}

async function readDockerConfig(path: string): Promise<DockerConfig> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const json = parseJson(text);
  if (!isRecord(json)) {
    throw new ActionError('input', 'INPUT_FILE', {
      message: `Cannot read the Docker configuration: "${path}" is not a JSON object`,
      remedy:
        'log in again with docker/login-action, or set "registry-username" and "registry-password"',
    });
  }
  const auths = Object.entries(isRecord(json['auths']) ? json['auths'] : {}).filter(
    (entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]),
  );
  const helpers = Object.entries(isRecord(json['credHelpers']) ? json['credHelpers'] : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    auths: Object.fromEntries(auths.map(([key, value]) => [normalized(key), value])),
    helpers: Object.fromEntries(helpers),
  };
}

/** `https://index.docker.io/v1/` and `ghcr.io` name hosts alike. */
function normalized(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
}

function keysOf(registry: string): readonly string[] {
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
