// Good bundles of every kind, made on the embedded Sigstore, each with the verifier that accepts it.
import { generateKeyPairSync, sign } from 'node:crypto';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder, RekorWitness } from '@sigstore/sign';
import { DIGEST, type Instance, makeBundle, startInstance, statement } from '../__tests__/sigstore/signing.ts';
import { bundleOfLayer, SIGNATURE_LAYER } from '../src/cosign/layer.ts';
import { parsePublicKeys } from '../src/keys/public-key.ts';
import { isProblem } from '../src/model/parsed.ts';
import { PAYLOAD_TYPE } from '../src/model/statement.ts';
import { trustFromFile } from '../src/sigstore/trust-file.ts';
import { createVerifier, type Verify } from '../src/sigstore/verifier.ts';
import type { Json } from './mutate.ts';

export interface Sample {
  readonly name: string;
  readonly bundle: Json;
  /** Of the same kind, signed by another key about the same image. */
  readonly donor: Json;
  readonly verify: Verify;
  /** What a `.sig` layer holds. */
  readonly layer?: Buffer;
}

export interface Corpus {
  readonly samples: readonly Sample[];
  stop(): Promise<unknown>;
}

export async function makeCorpus(): Promise<Corpus> {
  const instance = await startInstance();
  const keyless = async (log: 'v1' | 'v2'): Promise<Json> => toJson(await makeBundle(instance, { log }));
  const trusted = await trustFromFile(instance.trust.trustedRoot);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const keys = parsePublicKeys(pem, 'key');
  if (isProblem(keys)) throw new Error(keys.problem);
  const byKey = createVerifier(trusted, { keys: keys.value, witness: 'required' });
  const make = (digest?: string): Promise<Json> => keyBundle(instance, (data) => sign('sha256', data, privateKey), pem, digest);
  const layer = Buffer.from(JSON.stringify({ critical: { identity: { 'docker-reference': 'registry.example/acme/app' }, image: { 'docker-manifest-digest': DIGEST }, type: 'cosign container image signature' }, optional: null }));
  const old = JSON.parse(bundleOfLayer({ mediaType: SIGNATURE_LAYER, annotations: { 'dev.cosignproject.cosign/signature': sign('sha256', layer, privateKey).toString('base64') }, blob: layer }).toString()) as Json;
  return {
    samples: [
      { name: 'keyless, Rekor v1', bundle: await keyless('v1'), donor: await keyless('v1'), verify: instance.verify },
      { name: 'keyless, Rekor v2', bundle: await keyless('v2'), donor: await keyless('v2'), verify: instance.verify },
      { name: 'with a key', bundle: await make(), donor: await make(`sha256:${'cd'.repeat(32)}`), verify: byKey },
      { name: 'a .sig layer with a key', bundle: old, donor: await make(), verify: createVerifier(trusted, { keys: keys.value, witness: 'insecure-ignored' }), layer },
    ],
    stop: () => instance.stop(),
  };
}

async function keyBundle({ sigstore }: Instance, signWith: (data: Buffer) => Buffer, publicKey: string, digest?: string): Promise<Json> {
  const signer = { sign: (data: Buffer) => Promise.resolve({ signature: signWith(data), key: { $case: 'publicKey' as const, publicKey, hint: 'key' } }) };
  const witnesses = [new RekorWitness({ rekorBaseURL: sigstore.rekorV1, entryType: 'dsse' })];
  return toJson(bundleToJSON(await new DSSEBundleBuilder({ signer, witnesses }).create({ data: Buffer.from(JSON.stringify(statement(digest))), type: PAYLOAD_TYPE })));
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
