// Trusted roots in a file: `trusted_root.json`, or JSON Lines with one root a line as `gh attestation trusted-root` prints them.
import { readFile } from 'node:fs/promises';
import { ActionError, codeOf, messageOf } from '../errors.ts';
import { parseJson } from '../model/parsed.ts';
import { issuersAmong, type Trust, type TrustStore, trustOf } from './trust.ts';

/** Nothing is asked of the network, now or later. Throws `input` errors. */
export async function trustFromFile(path: string): Promise<TrustStore> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(path, `it cannot be read (${codeOf(error) ?? 'unknown error'})`);
  });
  const trusts = rootsIn(text).map((root): Trust => {
    try {
      return trustOf(root);
    } catch (error) {
      throw unusable(path, messageOf(error));
    }
  });
  return { issuersOf: (certificate) => Promise.resolve(issuersAmong(trusts, certificate)), all: () => Promise.resolve(trusts) };
}

function rootsIn(text: string): readonly unknown[] {
  const whole = parseJson(text);
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return lines.length === 0 ? [undefined] : lines.map(parseJson);
}

function unusable(path: string, state: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot use "trusted-root": "${path}": ${state}`,
    remedy: 'pass the path of a trusted_root.json, for example from "cosign trusted-root create", or the output of "gh attestation trusted-root"',
  });
}
