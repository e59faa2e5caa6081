// The index of the vectors, and the verification of one of them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ActionError } from '../../src/errors.ts';
import { parsePublicKeys } from '../../src/keys/public-key.ts';
import type { TrustedKey } from '../../src/keys/trusted-key.ts';
import type { FoundBundle } from '../../src/model/found.ts';
import { isWitnessed } from '../../src/model/bundle.ts';
import type { Digest } from '../../src/model/digest.ts';
import { isProblem } from '../../src/text/parsed.ts';
import { isKeyHolder } from '../../src/model/identity.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { KeyAuthority } from '../../src/model/policy.ts';
import type { Concluded } from '../../src/model/verdict.ts';
import type { RejectionCode } from '../../src/model/rejection.ts';
import { trustFromFile } from '../../src/sigstore/trust/trust-file.ts';
import { type Conclude, conclusive, createVerifier } from '../../src/sigstore/verify/verifier.ts';
import { byCertificates, byKeys } from '../../src/sigstore/verify/trusted.ts';

export interface Index {
  readonly vectors: readonly Vector[];
}

/** Paths are relative to the index. */
export interface Vector {
  readonly name: string;
  readonly about: string;
  readonly bundle: string;
  readonly trustedRoot: string;
  /** Of the image to verify. */
  readonly digest: Digest;
  /** The content of the layer of a `.sig` or `.att` tag from which the bundle was created. */
  readonly layer?: string;
  /** PEM; the vector is then verified by key, otherwise by certificate. */
  readonly keys?: string;
  readonly witness?: KeyAuthority['witness'];
  /** Instead of megabytes: how many letters the one mark GROWN in the bundle stands for. */
  readonly grown?: number;
  readonly expect: 'verified' | Refused;
  /** The subject in the certificate of a verified bundle. */
  readonly signer?: { readonly san: string; readonly issuer: string };
}

export interface Refused {
  /** `INPUT_FILE` if the trusted root itself is rejected. */
  readonly code: RejectionCode | 'INPUT_FILE';
  /** A regular expression that the text of the finding matches. */
  readonly found: string;
}

export const MARK = 'GROWN';

/** The unexpected result, undefined if there is none. */
export async function complaintAbout(vector: Vector, folder: string): Promise<string | undefined> {
  const answer = await judge(vector, folder);
  const { expect } = vector;
  if (expect !== 'verified') {
    const isAsExpected =
      'code' in answer &&
      answer.code === expect.code &&
      new RegExp(expect.found).test(answer.found);
    return isAsExpected
      ? undefined
      : `expected ${expect.code} ${expect.found}, got ${JSON.stringify(answer)}`;
  }
  if ('code' in answer) return `expected it to be verified, got ${answer.code}: ${answer.found}`;
  const { signer } = answer;
  const isSigner = vector.signer?.san === signer?.san && vector.signer?.issuer === signer?.issuer;
  return isSigner ? undefined : `expected another signer than ${JSON.stringify(signer)}`;
}

type Answer =
  { readonly signer: Vector['signer'] } | { readonly code: string; readonly found: string };

async function judge(vector: Vector, folder: string): Promise<Answer> {
  try {
    const checked = await check(vector, folder);
    if ('rejected' in checked)
      return { code: checked.rejected.code, found: checked.rejected.finding.found };
    const { signer } = checked.verified;
    return { signer: isKeyHolder(signer) ? undefined : { san: signer.san, issuer: signer.issuer } };
  } catch (error) {
    if (error instanceof ActionError) return { code: error.code, found: error.message };
    throw error;
  }
}

async function check(vector: Vector, folder: string): Promise<Concluded> {
  const { found, verify } = await openVector(vector, folder);
  return verify(found, vector.digest);
}

/** The bundle and its verifier. Throws `input` errors for an invalid trusted root. */
export async function openVector(
  { name, bundle, trustedRoot, layer, keys, witness = 'required', grown }: Vector,
  folder: string,
): Promise<{ readonly found: FoundBundle; readonly verify: Conclude }> {
  const read = (path: string): Promise<Buffer> => readFile(join(folder, path));
  const json = await read(bundle);
  const root = join(folder, trustedRoot);
  const trusted =
    keys === undefined
      ? byCertificates(await trustFromFile(root))
      : byKeys(keysIn((await read(keys)).toString(), keys), await trustFromFile(root, 'with keys'));
  const verify = conclusive(createVerifier(trusted));
  return {
    found: {
      source: 'registry',
      place: name,
      json: grown === undefined ? json : grow(json, grown),
      ...(layer !== undefined && { layer: await read(layer) }),
    },
    verify: witness === 'required' ? witnessed(verify) : verify,
  };
}

/** The result of an authority that requires a log entry or timestamp. */
function witnessed(verify: Conclude): Conclude {
  return async (found, digest) => {
    const checked = await verify(found, digest);
    if ('rejected' in checked || isWitnessed(checked.verified)) return checked;
    return { rejected: checked.verified.unwitnessed };
  };
}

function keysIn(text: string, path: string): NonEmpty<TrustedKey> {
  const keys = parsePublicKeys(text, path);
  if (isProblem(keys)) throw new Error(`${path}: ${keys.problem}`);
  return keys.value;
}

function grow(json: Buffer, size: number): Buffer {
  return Buffer.from(json.toString().replace(MARK, 'x'.repeat(size)));
}
