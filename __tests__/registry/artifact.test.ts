// Which manifests are of images, and what the others are called.
import { expect, test } from '@jest/globals';

import { artifactTypeOf } from '../../src/registry/artifact.ts';

const HELM = 'application/vnd.cncf.helm.config.v1+json';

function manifestWith(mediaType: unknown, rest: object = {}): Record<string, unknown> {
  return { schemaVersion: 2, config: { mediaType }, layers: [], ...rest };
}

test.each([
  ['an OCI image', manifestWith('application/vnd.oci.image.config.v1+json')],
  ['a Docker image', manifestWith('application/vnd.docker.container.image.v1+json')],
  ['an index', { schemaVersion: 2, manifests: [] }],
  ['a manifest without a config', { schemaVersion: 2 }],
  ['a config without a type', manifestWith(undefined)],
  [
    'an empty artifact type',
    manifestWith('application/vnd.oci.image.config.v1+json', { artifactType: '' }),
  ],
])('%s is not an artifact of another type', (_, json) => {
  expect(artifactTypeOf({ json })).toBeUndefined();
});

test.each([
  ['config', manifestWith(HELM), HELM],
  [
    'artifact type',
    manifestWith('application/vnd.oci.empty.v1+json', { artifactType: 'text/x' }),
    'text/x',
  ],
  [
    'artifact type of an index',
    { schemaVersion: 2, manifests: [], artifactType: 'text/x' },
    'text/x',
  ],
])('an artifact is named by its %s', (_, json, type) => {
  expect(artifactTypeOf({ json })).toBe(type);
});
