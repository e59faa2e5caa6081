// Files with registry logins, and the credentials that are found in them.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Repository } from '../../src/model/reference.ts';
import { createKeychain, type KeychainOptions } from '../../src/registry/credentials.ts';
import type { Credentials, Keychain } from '../../src/registry/login.ts';

export const directory = await mkdtemp(path.join(tmpdir(), 'docker-'));
export let count = 0;

export async function configured(config: unknown): Promise<string> {
  const file = path.join(directory, `${String((count += 1))}.json`);
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return file;
}

export const at = (registry: string, name = 'acme/app'): Repository => ({ registry, path: name });
export const masked: string[] = [];

export function keychainOf(
  loginFiles: readonly string[],
  options: Partial<KeychainOptions> = {},
): Keychain {
  return createKeychain({
    loginFiles,
    run: () => Promise.reject(new Error('A program was run')),
    mask: (secret) => masked.push(secret),
    ...options,
  });
}

export async function credentialsFor(
  registry: string,
  config: unknown,
  options: Partial<KeychainOptions> = {},
): Promise<Credentials> {
  return keychainOf([await configured(config)], options)(at(registry));
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const auths = (key: string, entry: object = { auth: base64('octocat:secret') }): object => ({
  auths: { [key]: entry },
});
export const octocat = { kind: 'password', username: 'octocat', password: 'secret' };
