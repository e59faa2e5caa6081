// Reads private keys, expecting a key or a problem that repeats no password.
import { expect } from '@jest/globals';

import { parsePrivateKey, type SigningKey } from '../../src/keys/private-key.ts';
import { isProblem, type Problem } from '../../src/text/parsed.ts';
import { KINDS } from '../../lab/bundles/keys.ts';

export const PASSWORD = 'correct horse battery staple';
export const WRONG = 'not the password';

export const [{ pair: p256 }] = KINDS;

export async function keyIn(text: string, password?: string): Promise<SigningKey> {
  const key = await parsePrivateKey(text, password);
  if (isProblem(key)) throw new Error(key.problem);
  return key.value;
}

export async function problemIn(text: string, password?: string): Promise<Problem> {
  const key = await parsePrivateKey(text, password);
  if (!isProblem(key)) throw new Error('it is a key');
  expect(JSON.stringify(key)).not.toContain(PASSWORD);
  expect(JSON.stringify(key)).not.toContain(WRONG);
  return key;
}

export function publicPem({ publicKey }: SigningKey): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}
