// Countersign in cosign v2's format, in its own, and in both: a signature and provenance, in Rekor v1.
import { loginsOf, runCountersign } from '../countersign.ts';
import { expectedSigner } from '../exhibits.ts';
import { pushImage } from '../image.ts';
import { jobOf } from '../signer.ts';
import { type LegacyWriter, PASSWORD } from './writer.ts';

const FORMATS = {
  legacy: ['tags'],
  bundle: ['referrers'],
  'bundle\nlegacy': ['tags', 'referrers'],
} as const satisfies Readonly<Record<string, LegacyWriter['formats']>>;

export function countersignIn(format: keyof typeof FORMATS): LegacyWriter {
  return {
    name: `Countersign, ${format.replace('\n', ' and ')}`,
    formats: FORMATS[format],
    alwaysLogs: 'a signature of a key is logged or timestamped',
    async sign(stack, registry, means) {
      const image = await pushImage(stack, registry);
      const inputs = {
        mode: 'sign',
        images: image.reference,
        attestations: 'provenance',
        'signature-format': format,
        sigstore: stack.trust.signingConfigs.rekorV1,
        'trusted-root': stack.trust.trustedRoot,
        ...('key' in means ? { key: means.key.private, 'key-password': PASSWORD } : {}),
      };
      // Provenance has its facts from a token, for any signer.
      const job = jobOf('signer' in means ? means.signer : expectedSigner(stack));
      await runCountersign(inputs, { ...job, ...loginsOf(stack) }, ({ exit, log, stderr }) => {
        if (exit !== 0) throw new Error(`Countersign did not sign: ${log}${stderr}`);
        return Promise.resolve();
      });
      return image;
    },
  };
}
