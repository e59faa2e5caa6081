// cosign v2: a simple-signing payload in a layer of the tag `sha256-<hex>.sig`, by hand and with nothing that the action also uses.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { MANIFEST, putBlob, putManifest } from '../services/image.ts';
import { LOGIN } from './world.ts';
import type { Image, Services } from './world.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly publicKey: string;
}

export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString() };
}

/** `cosign sign --key`, with its entry in Rekor v1 unless `log` says otherwise; `digest` is what the payload speaks of. */
export async function signWithKey(
  { registry, sigstore }: Services,
  image: Image,
  { privateKey, publicKey }: KeyPair,
  { log = 'rekor', digest = image.digest }: { readonly log?: 'rekor' | 'none'; readonly digest?: string } = {},
): Promise<void> {
  const target = { ...registry, ...LOGIN };
  const payload = Buffer.from(JSON.stringify({
    critical: { identity: { 'docker-reference': `${registry.host}/${image.repository}` }, image: { 'docker-manifest-digest': digest }, type: 'cosign container image signature' },
    optional: null,
  }));
  const signature = sign('sha256', payload, privateKey).toString('base64');
  const [config, layer] = await Promise.all([putBlob(target, image.repository, '{}'), putBlob(target, image.repository, payload)]);
  const annotations = {
    'dev.cosignproject.cosign/signature': signature,
    ...(log === 'rekor' && { 'dev.sigstore.cosign/bundle': JSON.stringify(await logged(sigstore.rekorV1, layer, signature, publicKey)) }),
  };
  await putManifest(target, image.repository, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
    layers: [{ mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', digest: layer, size: payload.length, annotations }],
  }, MANIFEST, `${image.digest.replace(':', '-')}.sig`);
}

async function logged(rekor: string, layer: string, signature: string, publicKey: string): Promise<object> {
  const entry = {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: { data: { hash: { algorithm: 'sha256', value: layer.replace('sha256:', '') } }, signature: { content: signature, publicKey: { content: Buffer.from(publicKey).toString('base64') } } },
  };
  const response = await fetch(`${rekor}/api/v1/log/entries`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(entry) });
  const [stored] = Object.values((await response.json()) as Record<string, { body: string; integratedTime: number; logIndex: number; logID: string; verification: { signedEntryTimestamp: string } }>);
  if (!stored) throw new Error(`the log answered ${response.status}`);
  const { body, integratedTime, logIndex, logID, verification } = stored;
  return { SignedEntryTimestamp: verification.signedEntryTimestamp, Payload: { body, integratedTime, logIndex, logID } };
}
