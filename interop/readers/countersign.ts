// Countersign in mode verify, with everything demanded that it can demand: both kinds of evidence, source repository, workflow and issuer.
import { runCountersign } from '../countersign.ts';
import type { RegistryReader } from './reader.ts';

export const countersign: RegistryReader = {
  name: 'Countersign',
  reads: 'registry',
  refusals: {
    repository: /^rejected[^]*repository/,
    caller: /^rejected[^]*repository/,
    workflow: /^rejected[^]*workflow/,
    issuer: /^rejected[^]*issuer/,
    root: /^rejected/,
    digest: /^rejected[^]*subject/,
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
    return runCountersign(inputs, { GITHUB_API_URL: stack.emptyGitHub.url }, ({ exit, outputs, log, stderr }) =>
      Promise.resolve({ accepted: exit === 0, message: `${outputs['verdict'] ?? 'no verdict'}\n${log}${stderr}` }),
    );
  },
};
