// Countersign in mode sign, with both stores, logging to Rekor v2 or to Rekor v1.
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { loginsOf, runCountersign } from '../countersign.ts';
import type { Image } from '../image.ts';
import { jobOf } from '../signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { TrustFiles } from '../../stack/trust.ts';
import type { Writer } from './writer.ts';

export const countersignRekorV2 = countersign('Countersign, Rekor v2', 'rekorV2');
export const countersignRekorV1 = countersign('Countersign, Rekor v1', 'rekorV1');

function countersign(name: string, log: keyof TrustFiles['signingConfigs']): Writer {
  return {
    name,
    async write(image, signer, stack) {
      const folder = await mkdtemp(join(stack.folder, 'countersign-'));
      const [file, recorded] = [join(folder, 'bundles.jsonl'), join(folder, 'recorded.jsonl')];
      const inputs = {
        mode: 'sign',
        images: image.name,
        digest: image.digest,
        stores: 'registry\ngithub',
        attestations: 'provenance',
        sigstore: stack.trust.signingConfigs[log],
        'trusted-root': stack.trust.trustedRoot,
      };
      const env = { ...jobOf(signer), GITHUB_API_URL: stack.github.url, ...loginsOf(stack) };
      await runCountersign(inputs, env, async ({ exit, log: jobLog, outputs, stderr }) => {
        if (exit !== 0) throw new Error(`Countersign did not sign: ${jobLog}${stderr}`);
        await copyFile(outputs['bundle-path'] ?? '', file);
      });
      await writeFile(recorded, await download(stack, signer.repository, image));
      return { file, recorded };
    },
  };
}

/** The store in the form of `gh attestation download`: one bundle per line. */
async function download({ github }: Stack, repository: string, { digest }: Image): Promise<string> {
  const response = await fetch(`${github.url}/repos/${repository}/attestations/${digest}`);
  if (!response.ok) throw new Error(`GitHub has no attestation of ${digest}: ${response.status}`);
  const { attestations } = (await response.json()) as { attestations: { bundle: object }[] };
  return attestations.map(({ bundle }) => `${JSON.stringify(bundle)}\n`).join('');
}
