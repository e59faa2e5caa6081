// The tester of policy-controller: would a cluster with this ClusterImagePolicy admit the image?
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { identityOf } from '../signer.ts';
import { ask } from './answer.ts';
import type { RegistryReader } from './reader.ts';

export const policyController: RegistryReader = {
  name: 'policy-controller',
  tool: 'policy-tester',
  reads: 'registry',
  refusals: {
    repository: /expected SAN value \S+acme\/app\/\S+, got \S+acme\/other\//,
    workflow: /expected SAN value \S+release\.yml\S+, got \S+build\.yml/,
    issuer: /expected issuer value/,
    root: /unable to verify signed timestamps/,
    digest: /artifact digest does not match any digest in statement/,
    unsigned: /no valid bundles exist in registry/,
  },
  async judge({ image, signer, trust }, stack) {
    const policy = join(await mkdtemp(join(stack.folder, 'policy-')), 'policy.yaml');
    await writeFile(
      policy,
      JSON.stringify(clusterImagePolicy(identityOf(signer), signer.issuer.url)),
    );
    return ask(stack, 'policy-tester', [
      '-policy',
      policy,
      '-trustroot',
      trust.kubernetesTrustRoot,
      '-image',
      image.reference,
    ]);
  },
};

/** With a custom trust root this version finds no log and no SCT key in bundles, so the time comes from the timestamp authority. */
function clusterImagePolicy(subject: string, issuer: string): object {
  const trustRootRef = 'loopback';
  return {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'release' },
    spec: {
      images: [{ glob: '**' }],
      authorities: [
        {
          name: 'workflow',
          signatureFormat: 'bundle',
          keyless: { trustRootRef, insecureIgnoreSCT: true, identities: [{ issuer, subject }] },
          rfc3161timestamp: { trustRootRef },
          attestations: [{ name: 'provenance', predicateType: 'https://slsa.dev/provenance/v1' }],
        },
      ],
    },
  };
}
