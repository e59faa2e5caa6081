// The content of the tags `.sig` and `.att` of an image, read without code that the action uses.
import { type Image, LOGIN, type World } from './world.ts';

export interface TaggedLayer {
  readonly mediaType: string;
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly blob: Buffer;
}

/** The names of a certificate in layers and bundles. */
export const CERTIFICATE = 'dev.sigstore.cosign/certificate';

export function tagName(digest: string, suffix: 'sig' | 'att'): string {
  return `${digest.replace(':', '-')}.${suffix}`;
}

/** Empty if there is no such tag. */
export async function layersOf(
  { registry }: Pick<World, 'registry'>,
  { repository, digest }: Pick<Image, 'repository' | 'digest'>,
  suffix: 'sig' | 'att',
): Promise<readonly TaggedLayer[]> {
  const base = `${registry.url}/v2/${repository}`;
  const headers = {
    accept: '*/*',
    authorization: `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`,
  };
  const answer = await fetch(`${base}/manifests/${tagName(digest, suffix)}`, { headers });
  if (answer.status === 404) return [];
  const { layers } = (await answer.json()) as { layers: readonly Omit<TaggedLayer, 'blob'>[] };
  return Promise.all(
    layers.map(async (layer) => {
      const blob = await fetch(`${base}/blobs/${layer.digest}`, { headers });
      return { ...layer, blob: Buffer.from(await blob.arrayBuffer()) };
    }),
  );
}

/** The JSON of a payload, or that of the statement in an envelope. */
export function contentOf({ blob }: TaggedLayer): unknown {
  const json = JSON.parse(blob.toString()) as { readonly payload?: string };
  return json.payload === undefined
    ? json
    : JSON.parse(Buffer.from(json.payload, 'base64').toString());
}
