// Trusted roots in a file: `trusted_root.json`, or JSON Lines with one root per line as `gh attestation trusted-root` prints them.
import { readFile } from 'node:fs/promises';
import { ActionError, codeOf, messageOf } from '../../errors.ts';
import { parseJson } from '../../text/json.ts';
import { kindOfText, whyUnreadable } from '../../text/file-kind.ts';
import { issuersAmong, type Signers, type Trust, type TrustStore, trustOf } from './trust.ts';

interface Root {
  /** Empty, or the line that contains it. */
  readonly place: string;
  readonly text: string;
  /** Undefined for text that is not JSON. */
  readonly json: unknown;
}

/** Sends no request, now or later. Throws `input` errors. */
export async function trustFromFile(path: string, signers?: Signers): Promise<TrustStore> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(path, whyUnreadable(codeOf(error)));
  });
  const trusts = rootsIn(text).map((root): Trust => {
    if (root.json === undefined)
      throw unusable(path, `${root.place}it is ${kindOfText(root.text)}, not a trusted root`);
    try {
      return trustOf(root.json, { kind: 'file', path }, signers);
    } catch (error) {
      throw unusable(path, `${root.place}${messageOf(error)}`);
    }
  });
  return {
    issuersOf: (certificate) => Promise.resolve({ known: issuersAmong(trusts, certificate) }),
    all: () => Promise.resolve(trusts),
  };
}

function rootsIn(text: string): readonly Root[] {
  const whole = { place: '', text, json: parseJson(text) };
  const lines = text.split('\n').map((line, index): Root => ({
    place: `line ${index + 1}: `,
    text: line,
    json: parseJson(line),
  }));
  const isLines = whole.json === undefined && lines.some(({ json }) => json !== undefined);
  return isLines ? lines.filter((line) => line.text.trim() !== '') : [whole];
}

function unusable(path: string, state: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot use "trusted-root": "${path}": ${state}`,
    remedy:
      'pass the path of a trusted_root.json, for example from "cosign trusted-root create", or the output of "gh attestation trusted-root"',
  });
}
