// The files in which Docker and podman keep logins.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

import { loginFilesIn } from '../../src/action/login-files.ts';

const DOCKER = join(homedir(), '.docker/config.json');

test.each<[string, Record<string, string>, readonly string[]]>([
  [
    'DOCKER_CONFIG is a directory',
    { DOCKER_CONFIG: '/docker', REGISTRY_AUTH_FILE: '/auth.json' },
    ['/docker/config.json', '/auth.json'],
  ],
  [
    'REGISTRY_AUTH_FILE replaces the other files of podman',
    { REGISTRY_AUTH_FILE: '/auth.json', XDG_RUNTIME_DIR: '/run/user/1001' },
    [DOCKER, '/auth.json'],
  ],
  [
    'XDG_RUNTIME_DIR contains the file of podman',
    { XDG_RUNTIME_DIR: '/run/user/1001' },
    [
      DOCKER,
      '/run/user/1001/containers/auth.json',
      join(homedir(), '.config/containers/auth.json'),
    ],
  ],
  [
    '/run/containers contains the file of podman without XDG_RUNTIME_DIR',
    { XDG_CONFIG_HOME: '/config' },
    [DOCKER, `/run/containers/${process.getuid?.()}/auth.json`, '/config/containers/auth.json'],
  ],
])('finds the login files: %s', (_, env, files) => expect(loginFilesIn(env)).toEqual(files));
