// sigstore-python on each bundle of a file; it does not support registries.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { identityOf } from '../signer.ts';
import { ask } from './answer.ts';
import type { Answer, FileReader } from './reader.ts';

export const sigstorePython: FileReader = {
  name: 'sigstore-python',
  tool: 'sigstore-python',
  reads: 'file',
  refusals: {
    repository: /SANs do not match .*acme\/app\/.*actual SANs: .*acme\/other\//,
    workflow: /SANs do not match .*release\.yml.*actual SANs: .*build\.yml/,
    issuer: /OIDCIssuer does not match/,
    root: /not enough sources of verified time|failed to build timestamp certificate chain/,
    digest: /no subject for digest/,
  },
  cannotRead: {
    'cosign v3':
      'it wants statements v1 whose subjects have a name; cosign writes subjects without one',
  },
  async judge({ image, signer, trust }, stack, file) {
    const bundle = join(await mkdtemp(join(stack.folder, 'sigstore-python-')), 'bundle.json');
    const policy = ['--cert-identity', identityOf(signer), '--cert-oidc-issuer', signer.issuer.url];
    const answers: Answer[] = [];
    for (const line of (await readFile(file, 'utf8')).trim().split('\n')) {
      await writeFile(bundle, line);
      const args = [
        '--trust-config',
        trust.trustConfig,
        'verify',
        'identity',
        '--bundle',
        bundle,
        ...policy,
        image.digest,
      ];
      // Wide enough that no message is broken into lines.
      answers.push(await ask(stack, 'sigstore-python', args, { COLUMNS: '1000' }));
    }
    return {
      accepted: answers.every(({ accepted }) => accepted),
      message: answers.map(({ message }) => withoutColumns(message)).join('\n'),
    };
  },
};

/** Removes the source location that it prints at the right margin. */
function withoutColumns(message: string): string {
  return message.replace(/ {2,}(\S+\.py:\d+)?$/gm, '');
}
