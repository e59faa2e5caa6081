// Bundles of keyless signatures in the forms that differ by log entry, timestamp and version.
import { good } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { statementAbout } from '../statement.ts';
import type { Workshop } from '../workshop.ts';

export async function keyless(workshop: Workshop): Promise<readonly Draft[]> {
  const { v1, v2, sign, of, signer, digest } = workshop;
  const several = JSON.stringify({ ...statementAbout(digest), subject: [{ name: 'other', digest: { sha256: 'ab'.repeat(32) } }, { name: 'app', digest: { sha512: 'cd'.repeat(64), sha256: digest.replace('sha256:', '') } }] });
  return [
    good('rekor-v1-dsse', 'Logged in Rekor v1 as dsse 0.0.1, with a timestamp', { ...of(v1), signer }),
    good('rekor-v2-hashedrekord', 'Logged in Rekor v2 as hashedrekord 0.0.2, with a timestamp', { ...of(v2), signer }),
    good('rekor-v1-hashedrekord', 'Logged in Rekor v1 as hashedrekord 0.0.1 over the pre-authentication encoding', { ...of(await sign({ logs: ['Rekor v1 hashedrekord 0.0.1'] })), signer }),
    good('rekor-v1-intoto-0.0.2', 'Logged in Rekor v1 as intoto 0.0.2', { ...of(await sign({ logs: ['Rekor v1 intoto 0.0.2'] })), signer }),
    good('rekor-v1-without-timestamp', 'The time of the entry of Rekor v1 is the only one', { ...of(await sign({ logs: ['Rekor v1 dsse 0.0.1'], timestamp: 'none' })), signer }),
    good('both-logs', 'Logged in Rekor v1 and in Rekor v2', { ...of(await sign({ logs: ['Rekor v1 dsse 0.0.1', 'Rekor v2 hashedrekord 0.0.2'] })), signer }),
    good('timestamp-with-certificates', 'The timestamp holds the certificates of its authority', { ...of(await sign({ timestamp: 'with certificates' })), signer }),
    good('bundle-0.1', 'Version 0.1, with a certificate chain, and an entry of Rekor v1 with promise and proof', { ...of(await sign({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.1' })), signer }),
    good('bundle-0.2', 'Version 0.2, with a certificate chain', { ...of(await sign({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.2' })), signer }),
    good('several-subjects', 'The statement has two subjects, and the image is the second one', { ...of(await sign({ payload: several })), signer }),
  ];
}
