// cosign v3 as the reader of signatures and of provenance attestations, and cosign v2 on the same bundles.
import { identityOf } from '../signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { ToolName } from '../../tools/tools.ts';
import { ask } from './answer.ts';
import type { Answer, Expectation, Refusals, RegistryReader } from './reader.ts';

const refusals = {
  repository: /expected SAN value \S+acme\/app\/\S+, got \S+acme\/other\//,
  workflow: /expected SAN value \S+release\.yml\S+, got \S+build\.yml/,
  issuer: /expected issuer value/,
  root: /not enough verified log entries/,
  digest: /artifact digest does not match any digest in statement/,
} satisfies Refusals;

export const cosignVerify: RegistryReader = {
  name: 'cosign v3 verify',
  tool: 'cosign-v3',
  reads: 'registry',
  refusals: { ...refusals, unsigned: /no signatures found/ },
  judge: (expectation, stack) => verify(stack, 'cosign-v3', ['verify'], expectation),
};

export const cosignVerifyAttestation: RegistryReader = {
  name: 'cosign v3 verify-attestation',
  tool: 'cosign-v3',
  reads: 'registry',
  refusals: { ...refusals, unsigned: /no matching attestations/ },
  judge: (expectation, stack) =>
    verify(stack, 'cosign-v3', ['verify-attestation', '--type', 'slsaprovenance1'], expectation),
};

export const cosignV2Verify: RegistryReader = {
  name: 'cosign v2 verify',
  tool: 'cosign-v2',
  reads: 'registry',
  refusals: { ...refusals, unsigned: /no valid bundles exist in registry/ },
  judge: (expectation, stack) =>
    verify(
      stack,
      'cosign-v2',
      ['verify', '--new-bundle-format', '--use-signed-timestamps'],
      expectation,
    ),
};

function verify(
  stack: Stack,
  tool: ToolName,
  command: readonly string[],
  { image, signer, trust }: Expectation,
): Promise<Answer> {
  const identity = [
    '--certificate-identity',
    identityOf(signer),
    '--certificate-oidc-issuer',
    signer.issuer.url,
  ];
  return ask(stack, tool, [
    ...command,
    '--trusted-root',
    trust.trustedRoot,
    ...identity,
    image.reference,
  ]);
}
