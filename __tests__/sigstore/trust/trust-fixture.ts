// Two Sigstore instances, one like that of GitHub, and the result of a trust store for their bundles.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from '@jest/globals';

import type { FoundBundle } from '../../../src/model/found.ts';
import type { TrustStore } from '../../../src/sigstore/trust/trust.ts';
import { byCertificates } from '../../../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { toBytes } from '../../../lab/bundles/bundle-json.ts';
import { type Instance, startInstance } from '../../../lab/bundles/instance.ts';
import { makeBundle } from '../../../lab/bundles/signing.ts';
import { DIGEST } from '../../../lab/bundles/statement.ts';

export const [own, github] = await Promise.all([
  startInstance(),
  startInstance({ organization: 'GitHub, Inc.', sct: 'none', visibility: 'private' }),
]);
afterAll(() => Promise.all([own.stop(), github.stop()]));

/** GitHub's instance has no log and no certificate log, and its certificates contain no SCT. */
export function withoutLogs(trustedRoot: object): object {
  return { ...trustedRoot, tlogs: [], ctlogs: [] };
}

export async function newCache(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tuf-'));
}

export async function fileWith(text: string): Promise<string> {
  const file = join(await newCache(), 'trusted_root.json');
  await writeFile(file, text);
  return file;
}

export async function foundOf(instance: Instance, log?: 'none'): Promise<FoundBundle> {
  const json = toBytes(await makeBundle(instance, log && { logs: [] }));
  return { source: 'registry', place: 'here', json };
}

export async function verdictOf(
  trust: TrustStore,
  instance: Instance,
  log?: 'none',
): Promise<string> {
  const found = await foundOf(instance, log);
  const checked = await conclusive(createVerifier(byCertificates(trust)))(found, DIGEST);
  return 'verified' in checked ? 'verified' : checked.rejected.code;
}
