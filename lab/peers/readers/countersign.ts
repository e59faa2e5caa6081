// Countersign in mode verify, with all requirements that it supports: both kinds of evidence, source repository, workflow and issuer.
import type { Stack } from '../../stack/stack.ts';
import { type Inputs, loginsOf, runCountersign } from '../countersign.ts';
import type { Answer, RegistryReader } from './reader.ts';

export const countersign: RegistryReader = {
  name: 'Countersign',
  reads: 'registry',
  refusals: {
    repository: /^rejected[^]*repository: expected \S+acme\/app", found \S+acme\/other"/,
    caller: /^rejected[^]*repository: expected \S+acme\/app", found \S+acme\/other"/,
    workflow: /^rejected[^]*signer-workflow: expected \S+release\.yml.*, found \S+build\.yml/,
    issuer: /^rejected[^]*issuer: expected/,
    root: /^rejected[^]*timestamp: expected "from a trusted timestamp authority/,
    digest: /^rejected[^]*subject: expected "sha256:/,
    unsigned: /^unattested/,
  },
  judge({ image, signer, trust }, stack) {
    const inputs = {
      mode: 'verify',
      images: image.reference,
      repository: signer.repository,
      'signer-workflow': signer.workflow,
      'certificate-oidc-issuer': signer.issuer.url,
      require: 'signature\nprovenance',
      'trusted-root': trust.trustedRoot,
    };
    return answerTo(inputs, stack);
  },
};

/** The verdict with these inputs, and the complete output. */
export function answerTo(inputs: Inputs, stack: Stack): Promise<Answer> {
  const env = { GITHUB_API_URL: stack.emptyGitHub.url, ...loginsOf(stack) };
  return runCountersign(inputs, env, ({ exit, outputs, log, stderr }) =>
    Promise.resolve({
      accepted: exit === 0,
      message: `${outputs['verdict'] ?? 'no verdict'}\n${log}${stderr}`,
    }),
  );
}
