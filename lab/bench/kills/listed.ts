// What readers find for an image: the list of a registry, by API or in tags, and the records at GitHub.
import type { PushTarget } from '../../services/image.ts';

interface Listing {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly layers?: readonly object[];
}

/** How many bundles and layers are listed for each of these digests, in order. */
export async function listedAt(
  { url }: PushTarget,
  repository: string,
  digests: readonly string[],
): Promise<readonly number[]> {
  return Promise.all(
    digests.map(async (digest) => {
      const api = await read(`${url}/v2/${repository}/referrers/${digest}`);
      const tag = await read(`${url}/v2/${repository}/manifests/${digest.replace(':', '-')}`);
      const layers = await Promise.all(
        ['sig', 'att'].map((kind) =>
          read(`${url}/v2/${repository}/manifests/${digest.replace(':', '-')}.${kind}`),
        ),
      );
      const manifests = [...(api?.manifests ?? []), ...(tag?.manifests ?? [])];
      // Readers find a manifest once, even if it is in both lists.
      const listed = new Set(manifests.map((each) => each.digest));
      return listed.size + layers.flatMap((image) => image?.layers ?? []).length;
    }),
  );
}

export async function recordedAt(
  api: string,
  token: string,
  repository: string,
  digest: string,
): Promise<number> {
  const response = await fetch(`${api}/repos/${repository}/attestations/${digest}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!response.ok) return 0;
  return ((await response.json()) as { attestations: unknown[] }).attestations.length;
}

async function read(url: string): Promise<Listing | undefined> {
  const response = await fetch(url, { headers: { Accept: '*/*' } });
  return response.ok ? ((await response.json()) as Listing) : undefined;
}
