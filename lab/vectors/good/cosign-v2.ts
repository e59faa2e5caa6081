// The tags .sig and .att of cosign v2: each layer is a vector.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { succeed } from '../../tools/command.ts';
import { type Image, pushImage } from '../../peers/image.ts';
import { createKeyPair } from '../../peers/legacy/writer.ts';
import { tokenOf } from '../../peers/signer.ts';
import { provenance } from '../../peers/writers/cosign.ts';
import type { Layer } from '../../bundles/layer.ts';
import { type Draft, good, type Subject } from '../draft.ts';
import type { Workshop } from '../workshop.ts';
import { digestOf } from './clients.ts';

type Args = readonly string[];

export async function cosignV2(workshop: Workshop): Promise<readonly Draft[]> {
  const { stack, workflow, signer } = workshop;
  const { endpoints, trust } = stack;
  const pair = await createKeyPair(stack);
  const keys = await readFile(pair.public, 'utf8');
  const keyless = (): Args => [
    '--fulcio-url',
    endpoints.fulcio,
    '--trusted-root',
    trust.trustedRoot,
    '--identity-token',
    tokenOf(workflow),
  ];
  const withKey = ['--key', pair.private];
  const timestamped = ['--timestamp-server-url', `${endpoints.timestamp}/api/v1/timestamp`];
  const unlogged = '--tlog-upload=false';
  const sign = (...signings: readonly Args[]): Promise<readonly Subject[]> =>
    written(workshop, '.sig', signings, 'sign');
  const attest = (...signings: readonly Args[]): Promise<readonly Subject[]> =>
    written(workshop, '.att', signings, 'attest');

  const [signature, stamped] = [
    await one(sign(keyless())),
    await one(sign([...keyless(), ...timestamped])),
  ];
  const [first, second, third] = await sign(keyless(), withKey, keyless());
  if (!first || !second || !third) throw new Error('cosign v2 left fewer than three signatures');
  return [
    good('sig-keyless', 'A signature of cosign v2, logged in Rekor v1', { ...signature, signer }),
    good('sig-keyless-timestamp', 'The same with a timestamp in addition to the log entry', {
      ...stamped,
      signer,
    }),
    good('sig-key', 'A signature of cosign v2 with a key, logged in Rekor v1', {
      ...(await one(sign(withKey))),
      keys,
    }),
    good('sig-key-timestamp', 'A signature of cosign v2 with a key and a timestamp, in no log', {
      ...(await one(sign([...withKey, ...timestamped, unlogged]))),
      keys,
    }),
    good(
      'sig-key-unseen',
      'A signature of cosign v2 with a key, without a log entry or timestamp, which the policy ignores',
      { ...(await one(sign([...withKey, unlogged]))), keys, witness: 'insecure-ignored' },
    ),
    good('sig-first-of-three', 'The first of three signatures in one tag', { ...first, signer }),
    good('sig-second-of-three', 'The second of three signatures in one tag, with a key', {
      ...second,
      keys,
    }),
    good('sig-third-of-three', 'The last of three signatures in one tag', { ...third, signer }),
    good('att-keyless', 'Provenance of cosign v2, logged in Rekor v1', {
      ...(await one(attest(keyless()))),
      signer,
    }),
    good('att-key', 'Provenance of cosign v2 with a key, logged in Rekor v1', {
      ...(await one(attest(withKey))),
      keys,
    }),
    good('att-key-timestamp', 'Provenance of cosign v2 with a key and a timestamp, in no log', {
      ...(await one(attest([...withKey, ...timestamped, unlogged]))),
      keys,
    }),
  ];
}

async function one(subjects: Promise<readonly Subject[]>): Promise<Subject> {
  const [first] = await subjects;
  if (!first) throw new Error('cosign v2 left no layer');
  return first;
}

/** The layers of the tag of a new image after all the signings. */
async function written(
  { stack, workflow, ofLayer }: Workshop,
  suffix: string,
  signings: readonly Args[],
  command: 'sign' | 'attest',
): Promise<readonly Subject[]> {
  const image = await pushImage(stack, stack.registries[0]);
  const predicate = join(await mkdtemp(join(stack.folder, 'cosign-v2-')), 'predicate.json');
  await writeFile(predicate, JSON.stringify(provenance(workflow)));
  const type = command === 'attest' ? ['--type', 'slsaprovenance1', '--predicate', predicate] : [];
  for (const args of signings) {
    await succeed(
      stack.tool('cosign-v2'),
      [command, '--yes', '--rekor-url', stack.endpoints.rekorV1, ...args, ...type, image.reference],
      { env: { ...stack.env, COSIGN_PASSWORD: '' } },
    );
  }
  const layers = await layersOf(image, suffix);
  return layers.map((layer) => ofLayer(layer, { digest: digestOf(image.digest) }));
}

async function layersOf({ name, digest }: Image, suffix: string): Promise<readonly Layer[]> {
  const repository = `http://${name.replace('/', '/v2/')}`;
  const manifest = await fetch(`${repository}/manifests/${digest.replace(':', '-')}${suffix}`, {
    headers: { Accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const { layers } = (await manifest.json()) as {
    layers: { mediaType: string; digest: string; annotations: Record<string, string> }[];
  };
  return Promise.all(
    layers.map(async ({ mediaType, digest: layer, annotations }) => {
      const blob = await fetch(`${repository}/blobs/${layer}`);
      return { mediaType, annotations, blob: Buffer.from(await blob.arrayBuffer()) };
    }),
  );
}
