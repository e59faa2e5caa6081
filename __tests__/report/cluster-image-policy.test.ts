// The policy for policy-controller: the signer and images that it accepts, and cases without a policy.
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import type { StoredBundle } from '../../src/model/bundle.ts';
import { mapEach } from '../../src/model/non-empty.ts';
import type { SignReport } from '../../src/model/report.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import { clusterImagePolicy } from '../../src/report/cluster-image-policy.ts';
import { ISSUER, SAN, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { signedBy, signReport } from './reports.ts';

const PUBLIC_KEY = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n';
const LAYER = { mediaType: 'text/plain', blob: Buffer.alloc(0), annotations: {} };
const identities = [{ issuer: ISSUER, subject: SAN }];
const key = verifiedBundle({ key: { key: 'sha256:1234', from: 'key' } });

interface Spec {
  readonly images: readonly object[];
  readonly authorities: readonly object[];
}

function specOf(report: SignReport): Spec {
  const { spec, ...rest } = parse(clusterImagePolicy(report)) as { readonly spec: Spec };
  expect(rest).toEqual({
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'ghcr-io-acme-app' },
  });
  return spec;
}

function inLayers(report: SignReport): SignReport {
  const bundles = mapEach(report.bundles, (bundle) => ({
    ...bundle,
    signed: { ...bundle.signed, layer: LAYER },
  }));
  return { ...report, bundles };
}

function stored(report: SignReport, changes: Partial<StoredBundle>): SignReport {
  const bundles = mapEach(report.bundles, (bundle) => ({
    ...bundle,
    stored: bundle.stored.map((place) => ({ ...place, ...changes })),
  }));
  return { ...report, bundles };
}

describe('a policy for bundles of a workflow', () => {
  test('names the public-good instance', () => {
    expect(specOf(signReport())).toEqual({
      images: [{ glob: 'ghcr.io/acme/app*' }],
      authorities: [
        {
          name: 'workflow',
          keyless: { identities },
          signatureFormat: 'bundle',
          attestations: [
            { name: 'attestation-1', predicateType: SIGNATURE_TYPE },
            { name: 'attestation-2', predicateType: PROVENANCE_TYPE },
          ],
        },
      ],
    });
  });

  test.each([
    ['github', 'github'],
    ['custom', 'sigstore'],
  ] as const)('names the instance %s, which the cluster must trust', (instance, trustRootRef) => {
    const report = { ...signedBy(verifiedBundle()), instance };
    expect(specOf(report).authorities).toEqual([
      {
        name: 'workflow',
        keyless: { trustRootRef, insecureIgnoreSCT: true, identities },
        rfc3161timestamp: { trustRootRef },
        signatureFormat: 'bundle',
        attestations: [{ name: 'attestation-1', predicateType: SIGNATURE_TYPE }],
      },
    ]);
    expect(clusterImagePolicy(report)).toContain(
      `# Needs a TrustRoot with the name "${trustRootRef}".`,
    );
  });

  test('matches a reusable workflow, but not its callers', () => {
    const san = 'https://github.com/acme/workflows/.github/workflows/publish.yml@refs/tags/v1';
    expect(clusterImagePolicy(signedBy(verifiedBundle({ san })))).toMatch(
      /^# The signer is a reusable/,
    );
    expect(clusterImagePolicy(signReport())).not.toContain('#');
  });

  test('names another repository', () => {
    const repository = { registry: 'ghcr.io', path: 'acme/signatures' };
    expect(specOf(stored(signReport(), { repository })).authorities).toMatchObject([
      { source: [{ oci: 'ghcr.io/acme/signatures' }] },
    ]);
  });

  test('names Docker Hub as policy-controller does', () => {
    const subjects = [
      {
        repository: { registry: 'docker.io', path: 'acme/app' },
        digest: `sha256:${'ab'.repeat(32)}`,
      },
    ] as const;
    expect(clusterImagePolicy(stored(signReport(), { subjects }))).toContain(
      'glob: "index.docker.io/acme/app*"',
    );
  });
});

describe("a policy for cosign v2's format", () => {
  test('names a workflow', () => {
    expect(specOf(inLayers(signedBy(verifiedBundle()))).authorities).toEqual([
      {
        name: 'workflow',
        keyless: { identities },
        ctlog: { url: 'https://rekor.sigstore.dev' },
      },
    ]);
  });

  test('names a key', () => {
    const report = { ...inLayers(signedBy(key)), publicKey: PUBLIC_KEY };
    expect(specOf(report).authorities).toEqual([
      {
        name: 'key',
        key: { data: PUBLIC_KEY, hashAlgorithm: 'sha256' },
        ctlog: { url: 'https://rekor.sigstore.dev' },
      },
    ]);
  });
});

describe('no policy', () => {
  test.each([
    [
      'for bundles signed with a key, which policy-controller does not read',
      { ...signedBy(key), publicKey: PUBLIC_KEY },
    ],
    ["for attestations that are only in GitHub's store", signedBy(verifiedBundle(), 'github')],
    [
      'for signatures with a key and without a log entry',
      {
        ...inLayers(signedBy({ ...key, logEntries: [] })),
        publicKey: PUBLIC_KEY,
      },
    ],
    [
      'for a private instance without a timestamp',
      { ...signedBy({ ...verifiedBundle(), times: [] }), instance: 'custom' },
    ],
  ] as const)('is created %s', (_, report) => {
    expect(clusterImagePolicy(report)).toBe('');
  });
});

test('keeps names as YAML strings', () => {
  const san = 'https://github.com/acme/app/"\n# x: {}\u2028';
  expect(specOf(signedBy(verifiedBundle({ san }))).authorities).toMatchObject([
    { keyless: { identities: [{ issuer: ISSUER, subject: san }] } },
  ]);
});
