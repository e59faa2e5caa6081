// ClusterImagePolicy files in a separate workspace.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readPolicies, type ReadPolicies } from '../../src/cluster-policy/read-policies.ts';

export const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKi4ivqGpE231OGH50PKbqy1Y1Kkb
POJC8+i2Wko82gBOUCe3M0Vw86H/4rhUhfoYEti4gdJ9wZbYmK0I2EE96g==
-----END PUBLIC KEY-----
`;

/** A policy with this `spec`, as JSON, which YAML contains. */
export function policyWith(spec: object, changes: object = {}): string {
  return JSON.stringify(
    {
      apiVersion: 'policy.sigstore.dev/v1beta1',
      kind: 'ClusterImagePolicy',
      metadata: { name: 'release' },
      spec,
      ...changes,
    },
    undefined,
    1,
  );
}

export const IMAGES = [{ glob: 'ghcr.io/acme/**' }];
export const IDENTITIES = [
  { issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/x' },
];

export function withAuthorities(...authorities: readonly object[]): string {
  return policyWith({ images: IMAGES, authorities });
}

export async function read(
  files: Readonly<Record<string, string>>,
  { globs = ['*.yaml'], trustedRoot }: { globs?: readonly string[]; trustedRoot?: string } = {},
): Promise<ReadPolicies> {
  const workspace = await mkdtemp(join(tmpdir(), 'policies-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text);
  return readPolicies(globs, { workspace, trustedRoot });
}

/** Of one file, each as `problem | remedy`. */
export async function problemsOf(text: string, trustedRoot?: string): Promise<readonly string[]> {
  const { problems } = await read(
    { 'p.yaml': text },
    trustedRoot === undefined ? {} : { trustedRoot },
  );
  return problems.map(({ problem, remedy }) => `${problem} | ${remedy}`);
}
