// gh attestation verify: with bundles in the registry, with a file of bundles, and with the attestation store.
import type { Stack } from '../../stack/stack.ts';
import { ask } from './answer.ts';
import type { Answer, Expectation, FileReader, Refusals, RegistryReader } from './reader.ts';

/** If a bundle does not verify, it prints only the issuing organization, even if the SAN is wrong. */
const notVerified = /verifying with issuer "countersign\.example"/;

const refusals = {
  repository: notVerified,
  caller: /expected SourceRepositoryURI to be \S+acme\/app, got \S+acme\/other/,
  workflow: notVerified,
  issuer: /expected Issuer to be/,
  root: notVerified,
  digest: notVerified,
} satisfies Refusals;

export const ghFromRegistry: RegistryReader = {
  name: 'gh --bundle-from-oci',
  tool: 'gh',
  reads: 'registry',
  refusals: { ...refusals, unsigned: /no attestations found in the OCI registry/ },
  judge: (expectation, stack) => verify(expectation, stack, ['--bundle-from-oci']),
};

export const ghFromFile: FileReader = {
  name: 'gh --bundle FILE',
  tool: 'gh',
  reads: 'file',
  refusals,
  judge: (expectation, stack, file) => verify(expectation, stack, ['--bundle', file]),
};

export const ghFromStore: FileReader = {
  name: 'gh --bundle, recorded on GitHub',
  tool: 'gh',
  reads: 'recorded',
  refusals,
  judge: (expectation, stack, file) => verify(expectation, stack, ['--bundle', file]),
};

function verify(
  { image, signer, trust }: Expectation,
  stack: Stack,
  source: readonly string[],
): Promise<Answer> {
  const policy = [
    '--repo',
    signer.repository,
    '--signer-workflow',
    signer.workflow,
    '--cert-oidc-issuer',
    signer.issuer.url,
  ];
  const args = [
    'attestation',
    'verify',
    `oci://${image.reference}`,
    ...policy,
    '--custom-trusted-root',
    trust.trustedRootLines,
    ...source,
  ];
  // It requires a token even if it sends it nowhere.
  return ask(stack, 'gh', args, { GH_TOKEN: 'unused', GH_NO_UPDATE_NOTIFIER: '1' });
}
