// RSA keys: to generate one takes longer than most tests, so the processes of a test run share them.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The same pair in every process with this temporary directory. */
export function rsaPair(
  modulusLength: 2048 | 3072 | 4096,
  type: 'rsa' | 'rsa-pss' = 'rsa',
): KeyPairKeyObjectResult {
  const file = path.join(tmpdir(), `countersign-test-${type}-${modulusLength}.pem`);
  try {
    const privateKey = createPrivateKey(readFileSync(file));
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch {
    const pair = newRsaPair(modulusLength, type);
    const own = `${file}.${process.pid}`;
    writeFileSync(own, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    renameSync(own, file);
    return pair;
  }
}

export function newRsaPair(modulusLength: number, type: 'rsa' | 'rsa-pss'): KeyPairKeyObjectResult {
  return type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength })
    : generateKeyPairSync('rsa-pss', { modulusLength });
}
