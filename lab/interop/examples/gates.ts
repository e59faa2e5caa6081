// The gate examples: each accepts what it describes, and fails for an image that is not signed, or signed by others.
import { generateKeyPairSync } from 'node:crypto';

import { dispatch, type ExampleCase, name } from './cases.ts';
import { push, signAs, signWithKey } from './others.ts';
import type { ExampleRun } from './run-example.ts';
import type { Site } from './site.ts';

/** Published by the publish examples, which ran before. */
const RELEASED = '1.2.3';
const COPY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app';
const UV = 'ghcr.io/astral-sh/uv@sha256:';
const LITELLM = 'ghcr.io/berriai/litellm@sha256:';
const manifest = (image: string): NonNullable<ExampleRun['files']> => ({
  'k8s/app/pod.yaml': `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${image}"}]}\n`,
});
const onMain = { event: 'push', ref: 'refs/heads/main' };
const onPullRequest = {
  event: 'pull_request',
  ref: 'refs/pull/8/merge',
  payload: { number: 8, pull_request: { head: { ref: 'topic' }, base: { ref: 'main' } } },
};
const weekly = { file: 'gate-released-tags.yml', event: 'schedule', ref: 'refs/heads/main' };
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const gateCases: readonly ExampleCase[] = [
  {
    name: 'gate-audit-first.yml deploys what is accepted',
    run: { file: 'gate-audit-first.yml', ...dispatch(RELEASED) },
    published: [],
    says: [verdict('accepted'), `kubectl set image deployment/app app=${name}@sha256:`],
  },
  {
    name: 'gate-audit-first.yml reports an unsigned image, and deploys it',
    run: { file: 'gate-audit-first.yml', ...dispatch('unsigned') },
    before: pushUnsigned,
    published: [],
    says: [verdict('unattested'), `kubectl set image deployment/app app=${name}@sha256:`],
  },
  {
    name: 'gate-copy.yml copies a released image',
    run: { file: 'gate-copy.yml', ...dispatch(RELEASED) },
    published: [],
    says: [`skopeo copy --all --preserve-digests docker://${name}@sha256:`, `docker://${COPY}:`],
  },
  {
    name: 'gate-copy.yml copies no image that another workflow signed',
    run: { file: 'gate-copy.yml', ...dispatch('2.0.0') },
    published: [],
    says: [verdict('rejected')],
    fails: true,
  },
  {
    name: 'gate-manifests.yml applies a manifest with a released image',
    run: { file: 'gate-manifests.yml', ...onMain, files: manifest(`${name}:${RELEASED}`) },
    published: [],
    says: ['kubectl apply --recursive --filename k8s'],
  },
  {
    name: 'gate-manifests.yml fails for an unsigned image in a pull request',
    run: { file: 'gate-manifests.yml', ...onPullRequest, files: manifest(`${name}:unsigned`) },
    before: pushUnsigned,
    published: [],
    says: ['k8s/app/pod.yaml', verdict('unattested')],
    fails: true,
  },
  {
    name: 'gate-manifests.yml fails for an image of another owner',
    run: { file: 'gate-manifests.yml', ...onMain, files: manifest(`${name}:foreign`) },
    before: async (site) =>
      signAs(site, await push(site, 'acme/app:foreign'), 'mallory/app', 'registry'),
    published: [],
    says: [verdict('rejected')],
    fails: true,
  },
  {
    name: 'gate-owner.yml builds on an image that its owner attested',
    run: { file: 'gate-owner.yml', ...onMain },
    before: attestUv('astral-sh/uv'),
    published: [],
    says: [`docker build --build-arg UV_IMAGE=${UV}`],
  },
  {
    name: 'gate-owner.yml does not build on one that another owner attested',
    run: { file: 'gate-owner.yml', ...onMain },
    before: attestUv('mallory/uv'),
    published: [],
    says: [verdict('unattested')],
    fails: true,
  },
  {
    name: 'gate-released-tags.yml accepts the images of releases',
    run: { ...weekly, releases: ['v3.0.0', 'v1.2.3'] },
    published: [],
    says: [verdict('accepted'), '2 of 2'],
  },
  {
    name: 'gate-released-tags.yml fails if the image of a release is missing',
    run: { ...weekly, releases: ['v1.2.3', 'v9.9.9'] },
    published: [],
    says: [verdict('inconclusive'), '9.9.9'],
    fails: true,
  },
  {
    name: "gate-vendor-key.yml deploys an image with the vendor's signature",
    run: { file: 'gate-vendor-key.yml', ...dispatch('v1.83.0-stable') },
    before: async (site) => signLiteLlm(site, site.vendor),
    published: [],
    says: [`kubectl set image deployment/litellm litellm=${LITELLM}`],
  },
  {
    name: 'gate-vendor-key.yml deploys none with the signature of another key',
    run: { file: 'gate-vendor-key.yml', ...dispatch('v1.83.0-stable') },
    before: async (site) => signLiteLlm(site, otherKey),
    published: [],
    says: [verdict('rejected')],
    fails: true,
  },
];

/** As act prints an output. */
function verdict(value: string): string {
  return `set-output:: verdict=${value}`;
}

async function pushUnsigned(site: Site): Promise<void> {
  await push(site, 'acme/app:unsigned');
}

function attestUv(repository: string): (site: Site) => Promise<void> {
  return async (site) =>
    signAs(site, await push(site, 'astral-sh/uv:latest'), repository, 'github');
}

async function signLiteLlm(site: Site, key: Site['vendor']): Promise<void> {
  await signWithKey(site, await push(site, 'berriai/litellm:v1.83.0-stable'), key);
}
