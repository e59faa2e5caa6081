// GitHub's attestation store on loopback, with a new digest for each test.
import { afterAll, beforeEach } from '@jest/globals';

import { type AttestationStore, attestationStore } from '../../src/github/attestations.ts';
import type { Digest } from '../../src/model/digest.ts';
import { defaultSettings, type GitHubSettings } from '../../lab/services/github/settings.ts';
import { startGitHub } from '../../lab/services/start.ts';
import { transportWith } from '../registry/connect.ts';

const settings: GitHubSettings = {
  ...defaultSettings,
  tokens: { ghs_writer: 'write', ghs_reader: 'read', ghs_stranger: 'none' },
};
export const github = await startGitHub(settings);
/** Of the current test. */
export let digest: Digest;
let count = 0;

beforeEach(async () => {
  await Promise.all([github.set(settings), github.mend(), github.clear()]);
  digest = `sha256:${(count += 1).toString(16).padStart(64, '0')}`;
});
afterAll(() => github.stop());

/** Retries and waits for the list as long as `retryTimeout` allows. */
export const storeAt = (apiUrl: string, token = 'ghs_writer', retryTimeout = 0): AttestationStore =>
  attestationStore({ apiUrl, token, transport: transportWith(retryTimeout), retryTimeout });
