// Bundles whose time is missing, repeated or of somebody else.
import { changed } from '../bundle-json.ts';
import { bad } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Workshop } from '../workshop.ts';

export async function time(workshop: Workshop): Promise<readonly Draft[]> {
  const { v2, sign, of } = workshop;
  const another = await sign();
  return [
    bad('no-time', 'There is no timestamp, and entries of Rekor v2 have no time', of(changed(v2, ({ verificationMaterial }) => delete verificationMaterial.timestampVerificationData)), 'TIMESTAMP', /^expected 1 timestamps, got 0$/),
    bad('timestamp-of-another-signature', 'The timestamp is that of another bundle', of(changed(v2, ({ verificationMaterial: material }) => Object.assign(material, { timestampVerificationData: another.verificationMaterial.timestampVerificationData }))), 'TIMESTAMP', /^timestamp could not be verified$/),
  ];
}
