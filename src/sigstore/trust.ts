// Whom to trust: a trusted root from a file or through TUF, with the thresholds that its instance stands for.
import { readFile } from 'node:fs/promises';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial, type VerifierOptions } from '@sigstore/verify';
import { ActionError, codeOf, messageOf } from '../errors.ts';
import { isRecord, parseJson } from '../model/parsed.ts';
import type { ReadTarget } from './tuf.ts';

export interface Trust {
  readonly material: TrustMaterial;
  readonly thresholds: Required<Pick<VerifierOptions, 'tlogThreshold' | 'ctlogThreshold' | 'timestampThreshold'>>;
}

/** The root in a `trusted_root.json`; nothing is asked of the network. */
export async function trustFromFile(path: string): Promise<Trust> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(path, `it cannot be read (${codeOf(error) ?? 'unknown error'})`);
  });
  const json = parseJson(text);
  if (!isRecord(json) || !Array.isArray(json['certificateAuthorities'])) throw unusable(path, 'it is not a trusted root');
  try {
    return trustOf(TrustedRoot.fromJSON(json));
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
}

/** The root that a TUF repository hands out. */
export async function trustFromTuf(readTarget: ReadTarget): Promise<Trust> {
  return trustOf(TrustedRoot.fromJSON(JSON.parse(await readTarget('trusted_root.json'))));
}

/** A log or a certificate transparency log that the root names must have witnessed the signature; a root without one asks for none. */
function trustOf(root: TrustedRoot): Trust {
  assertWindows(root);
  if (root.certificateAuthorities.length === 0) throw new RangeError('it names no certificate authority');
  return {
    material: toTrustMaterial(root),
    thresholds: { tlogThreshold: Math.min(root.tlogs.length, 1), ctlogThreshold: Math.min(root.ctlogs.length, 1), timestampThreshold: 1 },
  };
}

/** The engine reads a missing start as "since 1970": a key would then be trusted for times before it existed. */
function assertWindows({ tlogs, ctlogs, certificateAuthorities, timestampAuthorities }: TrustedRoot): void {
  const logs = [...tlogs, ...ctlogs].map(({ baseUrl, publicKey }) => ({ name: baseUrl, validFor: publicKey?.validFor }));
  const authorities = [...certificateAuthorities, ...timestampAuthorities].map(({ uri, validFor }) => ({ name: uri, validFor }));
  const open = [...logs, ...authorities].find(({ validFor }) => !validFor?.start);
  if (open) throw new RangeError(`"${open.name}" has no validFor.start`);
}

function unusable(path: string, state: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot use "trusted-root": "${path}": ${state}`,
    remedy: 'pass the path of a trusted_root.json, for example from "cosign trusted-root create"',
  });
}
