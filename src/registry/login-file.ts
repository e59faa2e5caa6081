// A file with logins for registries: Docker's config.json, or auth.json of podman, buildah and skopeo (containers-auth.json(5)).
import { readFile } from 'node:fs/promises';
import { ActionError } from '../errors.ts';
import { isRecord, parseJson } from '../text/json.ts';

export interface LoginFile {
  readonly path: string;
  /** By registry, or by registry and a prefix of the path. */
  readonly auths: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Suffixes of `docker-credential-…` by registry. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The suffix of the helper for all other registries. */
  readonly store?: string;
}

/** Undefined if there is no such file. */
export async function readLoginFile(path: string): Promise<LoginFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, 'cannot be read');
  });
  if (text === undefined) return undefined;
  const json = parseJson(text);
  if (!isRecord(json)) throw unreadable(path, 'is not a JSON object');
  const store = json['credsStore'];
  return {
    path,
    auths: entriesOf(json['auths'], isRecord),
    helpers: entriesOf(json['credHelpers'], isText),
    ...(isText(store) && store !== '' ? { store } : {}),
  };
}

function entriesOf<T>(
  json: unknown,
  isValue: (value: unknown) => value is T,
): ReadonlyMap<string, T> {
  const entries = Object.entries(isRecord(json) ? json : {}).filter((entry): entry is [string, T] =>
    isValue(entry[1]),
  );
  return new Map(entries.map(([key, value]) => [normalized(key), value]));
}

/** `https://index.docker.io/v1/` and `ghcr.io` both name a host. */
function normalized(key: string): string {
  const name = key.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return name.replace(/^([^/]+)\/v[12]$/, '$1').toLowerCase();
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isAbsent(error: unknown): boolean {
  const code = Error.isError(error) && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unreadable(path: string, state: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot read the registry logins: "${path}" ${state}`,
    remedy:
      'log in again with docker/login-action, or set "registry-username" and "registry-password"',
  });
}
