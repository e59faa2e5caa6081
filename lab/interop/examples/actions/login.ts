// docker/login-action: keeps the login in the configuration of Docker.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { dockerConfigFile, input, readDockerConfig } from './job.ts';

const [username, password] = [input('username'), input('password')];
if (username === '' || password === '') throw new Error('Username and password required');
const config = readDockerConfig();
config.auths[input('registry')] = {
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
};
mkdirSync(dirname(dockerConfigFile), { recursive: true });
writeFileSync(dockerConfigFile, JSON.stringify(config));
