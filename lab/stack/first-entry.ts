// Puts the first entry into each log: protobuf omits an index of 0 from JSON, which no client of a real log ever receives.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import type { Endpoints } from './trust.ts';

export async function writeFirstEntries({ rekorV1, rekorV2 }: Endpoints): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const artifact = Buffer.from('first');
  const digest = createHash('sha256').update(artifact).digest();
  const signature = sign('sha256', artifact, privateKey).toString('base64');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

  await post(`${rekorV1}/api/v1/log/entries`, {
    kind: 'hashedrekord',
    apiVersion: '0.0.1',
    spec: {
      data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
      signature: {
        content: signature,
        publicKey: { content: Buffer.from(pem).toString('base64') },
      },
    },
  });
  await post(`${rekorV2}/api/v2/log/entries`, {
    hashedRekordRequestV002: {
      digest: digest.toString('base64'),
      signature: {
        content: signature,
        verifier: { publicKey: { rawBytes: spki }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
      },
    },
  });
}

async function post(url: string, entry: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(entry),
  });
  if (!response.ok)
    throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
}
