// The role of a writer of signatures by certificate and by key, and cosign v2 as it signs by default: a signature in the tag `sha256-<hex>.sig` and a provenance attestation in `.att`, logged in Rekor v1.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { succeed } from '../../tools/command.ts';
import { expectedSigner } from '../exhibits.ts';
import { graft, graftTag, type Image, pushImage } from '../image.ts';
import { type Signer, tokenOf } from '../signer.ts';
import type { Registry, Stack } from '../../stack/stack.ts';
import type { ToolName } from '../../tools/tools.ts';
import { provenance } from '../writers/cosign.ts';

/** Paths of the private and the public key. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

export type Means =
  { readonly signer: Signer } | { readonly key: KeyPair; readonly log: 'logged' | 'unlogged' };

/** For every private key. */
export const PASSWORD = 'a password of the interop run';
const ENV = { COSIGN_PASSWORD: PASSWORD };

export interface LegacyWriter {
  readonly name: string;
  readonly tool?: ToolName;
  /** Where it stores evidence: in tags of cosign v2, or also as referrers. */
  readonly formats: readonly ('tags' | 'referrers')[];
  /** Why it cannot sign with a key without a log entry. */
  readonly alwaysLogs?: string;
  /** A new image with a signature and provenance. */
  readonly sign: (stack: Stack, registry: Registry, means: Means) => Promise<Image>;
}

export const cosignV2: LegacyWriter = {
  name: 'cosign v2',
  tool: 'cosign-v2',
  formats: ['tags'],
  sign: signAnImage,
};

export async function createKeyPair(stack: Stack): Promise<KeyPair> {
  const prefix = join(await mkdtemp(join(stack.folder, 'key-')), 'cosign');
  await succeed(stack.tool('cosign-v2'), ['generate-key-pair', '--output-key-prefix', prefix], {
    env: { ...stack.env, ...ENV },
  });
  return { private: `${prefix}.key`, public: `${prefix}.pub` };
}

async function signAnImage(stack: Stack, registry: Registry, means: Means): Promise<Image> {
  const image = await pushImage(stack, registry);
  const predicate = join(await mkdtemp(join(stack.folder, 'cosign-v2-')), 'predicate.json');
  const args = ['--yes', '--rekor-url', stack.endpoints.rekorV1, ...argsFor(means, stack)];
  const cosign = (...all: string[]): Promise<string> =>
    succeed(stack.tool('cosign-v2'), all, { env: { ...stack.env, ...ENV } });

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

/** Another image of the same repository, with the evidence of the first one. */
export async function moveToAnImage(
  { formats }: LegacyWriter,
  stack: Stack,
  registry: Registry,
  from: Image,
): Promise<Image> {
  const image = await pushImage(stack, registry);
  if (formats.includes('referrers')) await graft(from, image);
  if (formats.includes('tags'))
    for (const suffix of ['.sig', '.att']) await graftTag(from, image, suffix);
  return image;
}

/** The image and its tags in another repository. */
export async function copyToAnother(stack: Stack, { name, digest }: Image): Promise<Image> {
  const copy = `${name}-copy`;
  const copyOf = (reference: string): Promise<string> =>
    succeed(stack.tool('crane'), ['copy', `${name}${reference}`, `${copy}${reference}`], stack);
  await copyOf(`@${digest}`);
  await copyOf(`:${digest.replace(':', '-')}.sig`);
  return { name: copy, digest, reference: `${copy}@${digest}` };
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
