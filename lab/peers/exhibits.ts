// The images that test a writer: one signed as expected, and one for each way in which it could differ.
import { graft, type Image, pushImage } from './image.ts';
import { inParallel } from '../tools/parallel.ts';
import type { Difference } from './readers/reader.ts';
import type { Signer } from './signer.ts';
import type { Registry, Stack } from '../stack/stack.ts';
import type { TrustFiles } from '../stack/trust.ts';
import type { Writer, Written } from './writers/writer.ts';

export interface Exhibit {
  readonly image: Image;
  readonly written: Written;
  readonly trust: TrustFiles;
}

export type Exhibits = Readonly<Record<'as expected' | Difference, Exhibit>>;

/** The workflow that every reader expects in the evidence. */
export function expectedSigner({ issuer }: Stack): Signer {
  return { issuer, repository: 'acme/app', workflow: 'acme/app/.github/workflows/release.yml' };
}

export async function prepare(writer: Writer, registry: Registry, stack: Stack): Promise<Exhibits> {
  const { trust, otherTrust, otherIssuer } = stack;
  const us = expectedSigner(stack);
  const signers = [
    us,
    { ...us, repository: 'acme/other', workflow: 'acme/other/.github/workflows/release.yml' },
    { ...us, repository: 'acme/other' },
    { ...us, workflow: 'acme/app/.github/workflows/build.yml' },
    { ...us, issuer: otherIssuer },
  ] as const;
  const [signed, repository, caller, workflow, issuer] = await inParallel(
    signers,
    async (signer): Promise<Exhibit> => {
      const image = await pushImage(stack, registry);
      return { image, written: await writer.write(image, signer, stack), trust };
    },
  );

  const [moved, unsigned] = [await pushImage(stack, registry), await pushImage(stack, registry)];
  await graft(signed.image, moved);
  return {
    'as expected': signed,
    repository,
    caller,
    workflow,
    issuer,
    root: { ...signed, trust: otherTrust },
    digest: { ...signed, image: moved },
    unsigned: { image: unsigned, written: {}, trust },
  };
}
