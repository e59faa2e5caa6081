// The key that signs, from text or from a file; messages contain none of it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadSigningKey } from '../../src/keys/load-signing-key.ts';
import { KINDS, pemOf, privatePemOf } from '../../lab/bundles/keys.ts';
import { problemOf } from '../registry/connect.ts';

const [{ pair }] = KINDS;

async function fileWith(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'signing-key-')), 'cosign.key');
  await writeFile(path, text);
  return path;
}

test('reads a key from text and from a file', async () => {
  const path = await fileWith(privatePemOf(pair));
  for (const location of [
    { kind: 'pem', text: privatePemOf(pair) },
    { kind: 'file', path },
  ] as const) {
    const { publicKey } = await loadSigningKey(location, undefined);
    expect(publicKey.equals(pair.publicKey)).toBe(true);
  }
});

test('names the place of an invalid key', async () => {
  const path = await fileWith(pemOf(pair));
  expect(await problemOf(loadSigningKey({ kind: 'file', path }, undefined))).toMatchObject({
    kind: 'input',
    code: 'INPUT_FILE',
    message: `Cannot sign with the private key "${path}": it is a public key, not a PEM private key`,
    remedy: 'pass the private half, for example cosign.key',
  });
  const text = { kind: 'pem', text: 'a' } as const;
  expect((await problemOf(loadSigningKey(text, undefined))).message).toBe(
    'Cannot sign with the private key "key": it is text of another kind, not a PEM private key',
  );
});

test('does not print a key that was mistaken for a path', async () => {
  const path = privatePemOf(pair).split('\n')[1] ?? '';
  const problem = await problemOf(loadSigningKey({ kind: 'file', path }, undefined));
  expect(problem.message).toBe(
    'Cannot sign with the private key at the path in "key": it does not exist',
  );
  expect(problem.message + problem.remedy).not.toContain(path);
});
