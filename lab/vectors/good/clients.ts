// Bundles written by Countersign and cosign v3.
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { succeed } from '../../tools/command.ts';
import { pushImage } from '../../peers/image.ts';
import { createKeyPair } from '../../peers/legacy/writer.ts';
import { tokenOf } from '../../peers/signer.ts';
import { cosign } from '../../peers/writers/cosign.ts';
import { countersignRekorV1, countersignRekorV2 } from '../../peers/writers/countersign.ts';
import type { Writer } from '../../peers/writers/writer.ts';
import { type Digest, parseDigest } from '../../../src/model/digest.ts';
import { isProblem } from '../../../src/text/parsed.ts';
import { type Draft, good } from '../draft.ts';
import type { Workshop } from '../workshop.ts';

export async function clients(workshop: Workshop): Promise<readonly Draft[]> {
  return [
    ...(await writtenBy(
      workshop,
      countersignRekorV2,
      'countersign-rekor-v2',
      'Countersign, logged in Rekor v2',
    )),
    ...(await writtenBy(
      workshop,
      countersignRekorV1,
      'countersign-rekor-v1',
      'Countersign, logged in Rekor v1',
    )),
    ...(await writtenBy(workshop, cosign, 'cosign-v3-rekor-v2', 'cosign v3, logged in Rekor v2')),
    await signedByCosign(
      workshop,
      'cosign-v3-rekor-v1',
      'A signature by cosign v3, logged in Rekor v1',
      'certificate',
    ),
    await signedByCosign(
      workshop,
      'cosign-v3-key',
      'A signature by cosign v3 with a key, logged in Rekor v1',
      'key',
    ),
  ];
}

/** A signature and a provenance attestation, one per line. */
async function writtenBy(
  { stack, workflow, signer, of }: Workshop,
  writer: Writer,
  name: string,
  by: string,
): Promise<readonly Draft[]> {
  const image = await pushImage(stack, stack.registries[0]);
  const { file = '' } = await writer.write(image, workflow, stack);
  const [signature, provenance] = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line));
  if (!signature || !provenance) throw new Error(`${writer.name} wrote fewer than two bundles`);
  const digest = digestOf(image.digest);
  return [
    good(name, `A signature by ${by}`, { ...of(signature, { digest }), signer }),
    good(`${name}-provenance`, `Provenance by ${by}`, { ...of(provenance, { digest }), signer }),
  ];
}

async function signedByCosign(
  { stack, workflow, signer, of }: Workshop,
  name: string,
  about: string,
  means: 'certificate' | 'key',
): Promise<Draft> {
  const { trustedRoot, signingConfigs } = stack.trust;
  const image = await pushImage(stack, stack.registries[0]);
  const file = join(await mkdtemp(join(stack.folder, 'cosign-')), 'bundle.json');
  const pair = means === 'key' ? await createKeyPair(stack) : undefined;
  const identity = pair ? ['--key', pair.private] : ['--identity-token', tokenOf(workflow)];
  const args = [
    'sign',
    '--yes',
    '--trusted-root',
    trustedRoot,
    '--signing-config',
    signingConfigs.rekorV1,
    ...identity,
    '--bundle',
    file,
    image.reference,
  ];
  await succeed(stack.tool('cosign-v3'), args, { env: { ...stack.env, COSIGN_PASSWORD: '' } });
  const subject = of(await readFile(file), { digest: digestOf(image.digest) });
  return good(
    name,
    about,
    pair ? { ...subject, keys: await readFile(pair.public, 'utf8') } : { ...subject, signer },
  );
}

export function digestOf(text: string): Digest {
  const digest = parseDigest(text);
  if (isProblem(digest)) throw new Error(digest.problem);
  return digest.value;
}
