// Runs the verifier on a bundle, and compares a rejection with the expected one.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Digest } from '../../../src/model/digest.ts';
import type { Concluded } from '../../../src/model/verdict.ts';
import type { RejectionCode } from '../../../src/model/rejection.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { byCertificates } from '../../../src/sigstore/verify/trusted.ts';
import {
  type Conclude,
  conclusive,
  createVerifier,
} from '../../../src/sigstore/verify/verifier.ts';
import type { Instance } from '../../../lab/bundles/instance.ts';
import { DIGEST } from '../../../lab/bundles/statement.ts';

/** A string is the bundle's JSON text. */
export function check(
  bundle: unknown,
  verify: Conclude,
  digest: Digest = DIGEST,
): Promise<Concluded> {
  const json = Buffer.from(typeof bundle === 'string' ? bundle : JSON.stringify(bundle));
  return verify({ source: 'registry', place: 'here', json }, digest);
}

export async function expectRefusal(
  checking: Promise<Concluded>,
  code: RejectionCode,
  found: RegExp,
): Promise<void> {
  const checked = await checking;
  if ('verified' in checked) throw new Error(`accepted, expected ${code}`);
  expect(checked.rejected.code).toBe(code);
  expect(checked.rejected.finding.found).toMatch(found);
}

export async function verifierFor(root: object): Promise<Conclude> {
  const file = join(await mkdtemp(join(tmpdir(), 'root-')), 'trusted_root.json');
  await writeFile(file, JSON.stringify(root));
  return conclusive(createVerifier(byCertificates(await trustFromFile(file))));
}

type Part = 'certificateAuthorities' | 'tlogs' | 'ctlogs' | 'timestampAuthorities';

/** With the trusted root of one instance, and one part of it from another. */
export function verifierOfMixed(own: Instance, other: Instance, part: Part): Promise<Conclude> {
  const foreign = other.sigstore.trustedRoot as Readonly<Record<Part, unknown>>;
  return verifierFor({ ...own.sigstore.trustedRoot, [part]: foreign[part] });
}
