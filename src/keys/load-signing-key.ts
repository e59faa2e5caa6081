// The key that signs, from text or from a path.
import { readFile } from 'node:fs/promises';
import { ActionError, codeOf } from '../errors.ts';
import type { KeyLocation } from '../model/policy.ts';
import { whyUnreadable } from '../text/file-kind.ts';
import { isProblem } from '../text/parsed.ts';
import { parsePrivateKey, type SigningKey } from './private-key.ts';

export type SigningKeyLocation = Exclude<KeyLocation, { readonly kind: 'url' }>;

/** Throws `input` errors; without `password` a key must be unencrypted or encrypted with an empty one. */
export async function loadSigningKey(
  location: SigningKeyLocation,
  password: string | undefined,
): Promise<SigningKey> {
  const text = await textAt(location);
  const key = await parsePrivateKey(text, password);
  if (isProblem(key)) throw unusable(nameOf(location), key.problem, key.remedy);
  return key.value;
}

async function textAt(location: SigningKeyLocation): Promise<string> {
  if (location.kind === 'pem') return location.text;
  return readFile(location.path, 'utf8').catch((error: unknown) => {
    // A path that is not a file may be a key in an unknown form, so it is not printed.
    throw unusable(
      'the private key at the path in "key"',
      whyUnreadable(codeOf(error)),
      'check the path, which is relative to the workspace, or pass the whole PEM text with its line breaks',
    );
  });
}

function nameOf(location: SigningKeyLocation): string {
  return location.kind === 'pem' ? 'the private key "key"' : `the private key "${location.path}"`;
}

function unusable(name: string, state: string, remedy: string): ActionError {
  return new ActionError('input', 'INPUT_FILE', {
    message: `Cannot sign with ${name}: ${state}`,
    remedy,
  });
}
