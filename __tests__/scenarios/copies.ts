// What a registry and the results of a gate say of copied evidence.
import type { World } from './world.ts';

type Place = Pick<World, 'registry'>;

export async function read({ registry }: Place, path: string): Promise<unknown> {
  const response = await fetch(`${registry.url}/v2/${path}`, { headers: { Accept: '*/*' } });
  return response.ok ? response.json() : response.status;
}

interface Referrers {
  readonly manifests: readonly { readonly digest: string }[];
}

/** Digests, as the Referrers API lists them. */
export async function referrersOf(
  place: Place,
  repository: string,
  digest: string,
): Promise<readonly string[]> {
  const { manifests } = (await read(place, `${repository}/referrers/${digest}`)) as Referrers;
  return manifests.map((each) => each.digest);
}

interface Copies {
  readonly evidence: readonly {
    readonly bundles: readonly { readonly copied?: readonly { readonly place: string }[] }[];
  }[];
}

/** Where results say that evidence was copied to. */
export function placesIn(results: string | undefined): readonly string[] {
  return (JSON.parse(results ?? '[]') as Copies[]).flatMap(({ evidence }) =>
    evidence.flatMap(({ bundles }) =>
      bundles.flatMap(({ copied = [] }) => copied.map(({ place }) => place)),
    ),
  );
}
