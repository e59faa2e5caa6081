// Docker images of schema 1: https://distribution.github.io/distribution/spec/deprecated-schema-v1/.
import { expect, test } from '@jest/globals';

import { serveInOrder } from '../../lab/services/loopback.ts';
import { readManifest } from '../../src/registry/content.ts';
import { connect, problemOf } from './connect.ts';

const BODY = JSON.stringify({ schemaVersion: 1, name: 'acme/app', fsLayers: [] });

test.each([
  ['application/vnd.docker.distribution.manifest.v1+prettyjws', `sha256:${'ab'.repeat(32)}`],
  ['application/vnd.docker.distribution.manifest.v1+json; charset=utf-8', 'v1'],
  ['application/json', 'v1'],
])('rejects an image of schema 1 as %s with the reason', async (type, reference) => {
  const server = await serveInOrder({ headers: { 'content-type': type }, body: BODY });
  const client = connect(server.url.host, 'acme/app');
  expect(await problemOf(readManifest(client, reference))).toMatchObject({
    kind: 'input',
    code: 'INPUT_INVALID',
    message: `Cannot use "${server.url.host}/acme/app" at "${reference}": it is a Docker image of schema 1, whose digest is not that of its bytes`,
    remedy: expect.stringContaining('build the image again'),
  });
});
