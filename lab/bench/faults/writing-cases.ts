// What is written under faults: all that is signed where steps are killed, and more.
import { type KillCase, killCases } from '../kills/cases.ts';

const [PLAIN] = killCases;
if (!PLAIN) throw new Error('There are no cases');

export const signCases: readonly KillCase[] = [
  ...killCases,
  { ...PLAIN, name: 'an image, with a key', signer: 'key' },
  { ...PLAIN, name: 'an image, token realm', auth: 'bearer' },
];

/** Of gates that copy evidence: `copy-evidence-to`. */
export const copyCases: readonly KillCase[] = [
  { ...PLAIN, name: 'copies, referrers API' },
  { ...PLAIN, name: 'copies, fallback tag', referrers: 'none' },
  { ...PLAIN, name: 'copies, cosign v2', inputs: { 'signature-format': 'legacy' } },
];
