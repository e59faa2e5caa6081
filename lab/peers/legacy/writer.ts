// cosign v2 as it signs by default: a signature in the tag `sha256-<hex>.sig` and a provenance attestation in `.att`, logged in Rekor v1.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { succeed } from '../../tools/command.ts';
import { expectedSigner } from '../exhibits.ts';
import { graftTag, type Image, pushImage } from '../image.ts';
import { type Signer, tokenOf } from '../signer.ts';
import type { Registry, Stack } from '../../stack/stack.ts';
import { provenance } from '../writers/cosign.ts';

/** Paths of the two halves. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

export type Means =
  { readonly signer: Signer } | { readonly key: KeyPair; readonly log: 'logged' | 'unlogged' };

/** An empty password, which it would ask for at a terminal. */
const NO_PASSWORD = { COSIGN_PASSWORD: '' };

export async function createKeyPair(stack: Stack): Promise<KeyPair> {
  const prefix = join(await mkdtemp(join(stack.folder, 'key-')), 'cosign');
  await succeed(stack.tool('cosign-v2'), ['generate-key-pair', '--output-key-prefix', prefix], {
    env: { ...stack.env, ...NO_PASSWORD },
  });
  return { private: `${prefix}.key`, public: `${prefix}.pub` };
}

export async function signAnImage(stack: Stack, registry: Registry, means: Means): Promise<Image> {
  const image = await pushImage(stack, registry);
  const predicate = join(await mkdtemp(join(stack.folder, 'cosign-v2-')), 'predicate.json');
  const args = ['--yes', '--rekor-url', stack.endpoints.rekorV1, ...argsFor(means, stack)];
  const cosign = (...all: string[]): Promise<string> =>
    succeed(stack.tool('cosign-v2'), all, { env: { ...stack.env, ...NO_PASSWORD } });

  await cosign('sign', ...args, image.reference);
  await writeFile(
    predicate,
    JSON.stringify(provenance('signer' in means ? means.signer : expectedSigner(stack))),
  );
  await cosign(
    'attest',
    ...args,
    '--type',
    'slsaprovenance1',
    '--predicate',
    predicate,
    image.reference,
  );
  return image;
}

/** Another image of the same repository, with the evidence of the first one in its tags. */
export async function moveToAnImage(stack: Stack, registry: Registry, from: Image): Promise<Image> {
  const image = await pushImage(stack, registry);
  for (const suffix of ['.sig', '.att']) await graftTag(from, image, suffix);
  return image;
}

function argsFor(means: Means, { endpoints, trust }: Stack): readonly string[] {
  if ('key' in means)
    return ['--key', means.key.private, `--tlog-upload=${String(means.log === 'logged')}`];
  return [
    '--fulcio-url',
    endpoints.fulcio,
    '--trusted-root',
    trust.trustedRoot,
    '--identity-token',
    tokenOf(means.signer),
  ];
}
