// The environment that the runner provides to a step.
import { homedir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { readEnvironment } from '../../src/action/environment.ts';

const NAMES = [
  'GITHUB_REPOSITORY',
  'GITHUB_REPOSITORY_ID',
  'GITHUB_REPOSITORY_OWNER_ID',
  'GITHUB_SERVER_URL',
  'GITHUB_API_URL',
  'RUNNER_TEMP',
  'DOCKER_CONFIG',
  'GITHUB_ARTIFACTS_LIST',
  'GITHUB_WORKSPACE',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);

function set(values: Partial<Record<(typeof NAMES)[number], string>>): void {
  Object.assign(process.env, values);
}

beforeEach(() => {
  for (const name of NAMES) Reflect.deleteProperty(process.env, name);
});
afterEach(() => set(Object.fromEntries(before.filter(([, value]) => value !== undefined))));

test('reads the environment of a job', () => {
  set({
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_REPOSITORY_ID: '1000001',
    GITHUB_REPOSITORY_OWNER_ID: '2000002',
    GITHUB_SERVER_URL: 'https://acme.ghe.com/',
    GITHUB_API_URL: 'https://api.acme.ghe.com/',
    RUNNER_TEMP: '/temp',
    DOCKER_CONFIG: '/docker',
    GITHUB_ARTIFACTS_LIST: '/artifacts',
    GITHUB_WORKSPACE: '/work',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y',
  });
  expect(readEnvironment()).toEqual({
    repository: 'acme/app',
    repositoryId: '1000001',
    repositoryOwnerId: '2000002',
    serverUrl: 'https://acme.ghe.com',
    apiUrl: 'https://api.acme.ghe.com',
    temp: '/temp',
    artifactsList: '/artifacts',
    loginFiles: expect.arrayContaining(['/docker/config.json']),
    proxy: expect.any(Object),
    unusableProxies: [],
    undeclaredInputs: [],
    variable: expect.any(Function),
    workspace: '/work',
    event: { visibility: '' },
    identityToken: 'available',
    tokenService: { address: 'https://x', bearer: 'y' },
  });
});

test('reads an environment outside GitHub Actions', () => {
  expect(readEnvironment()).toMatchObject({
    repository: '',
    repositoryId: '',
    repositoryOwnerId: '',
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    loginFiles: expect.arrayContaining([path.join(homedir(), '.docker/config.json')]),
    unusableProxies: [],
    undeclaredInputs: [],
    workspace: process.cwd(),
    identityToken: 'unavailable',
  });
});

test.each(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const)(
  'has no identity token with only %s',
  (name) => {
    set({ [name]: 'x' });
    expect(readEnvironment().identityToken).toBe('unavailable');
  },
);
