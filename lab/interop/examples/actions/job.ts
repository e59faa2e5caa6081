// What an action reads and writes: inputs, outputs, and the registry login of the job.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { PushTarget } from '../../../services/image.ts';

interface DockerConfig {
  auths: Record<string, { auth: string }>;
}

const env = process.env;

export function input(name: string): string {
  return env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim() ?? '';
}

export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function output(name: string, value: string): void {
  appendFileSync(env['GITHUB_OUTPUT'] ?? '', `${name}<<END_OF_OUTPUT\n${value}\nEND_OF_OUTPUT\n`);
}

export const dockerConfigFile = join(env['HOME'] ?? '', '.docker', 'config.json');

export function readDockerConfig(): DockerConfig {
  if (!existsSync(dockerConfigFile)) return { auths: {} };
  return JSON.parse(readFileSync(dockerConfigFile, 'utf8')) as DockerConfig;
}

/** With the login from docker/login-action. */
export function registryOf(host: string): PushTarget {
  const { auth } = readDockerConfig().auths[host] ?? {};
  if (auth === undefined) throw new Error(`This job is not logged in to ${host}`);
  const [username = '', password = ''] = Buffer.from(auth, 'base64').toString().split(':');
  return { url: `http://${host}`, username, password };
}
