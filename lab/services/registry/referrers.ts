// The Referrers API of the embedded registry, with paging and with behaviours of registries that lack it or differ from it.
import { type Answer, type Exchange, isObject, json } from '../answer.ts';
import { refuse } from './errors.ts';
import type { RegistrySettings } from './settings.ts';
import type { Repository, StoredManifest } from './store.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';

// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
export function listReferrers(
  repository: Repository | undefined,
  subject: string,
  { url }: Exchange,
  settings: RegistrySettings,
): Answer {
  switch (settings.referrers) {
    case 'none':
      return {
        status: 404,
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: '404 page not found\n',
      };
    case 'refused':
      return { status: 406, headers: { 'Content-Type': 'text/plain' }, body: 'Not Acceptable' };
    case 'html':
      return {
        status: 200,
        headers: { 'Content-Type': 'text/html' },
        body: '<!doctype html><title>Sign in</title>',
      };
    case 'api':
      break;
  }
  if (!/^sha256:[0-9a-f]{64}$/.test(subject)) throw refuse('DIGEST_INVALID', 'invalid digest');
  const artifactType = url.searchParams.get('artifactType');
  const visible = Date.now() - settings.referrersLag;
  const referrers = [...(repository?.manifests.values() ?? [])]
    .filter(({ content, pushedAt }) => subjectDigest(content) === subject && pushedAt <= visible)
    .map((manifest) => describe(manifest))
    .filter((descriptor) => artifactType === null || descriptor['artifactType'] === artifactType);
  const first = Number(url.searchParams.get('next') ?? 0);
  const next = first + settings.referrersPageSize;
  const manifests = referrers.slice(first, next);
  if (settings.referrersArtifactType === 'missing')
    manifests.forEach((descriptor) => delete descriptor['artifactType']);
  const filter = artifactType === null ? '' : `artifactType=${encodeURIComponent(artifactType)}&`;
  const headers = {
    'Content-Type': INDEX,
    ...(artifactType !== null && { 'OCI-Filters-Applied': 'artifactType' }),
    ...(next < referrers.length && { Link: `<${url.pathname}?${filter}next=${next}>; rel="next"` }),
  };
  return json(200, { schemaVersion: 2, mediaType: INDEX, manifests }, headers);
}

function describe({ content, mediaType, digest, bytes }: StoredManifest): Record<string, unknown> {
  const config = content['config'];
  const artifactType =
    content['artifactType'] ?? (isObject(config) ? config['mediaType'] : undefined);
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType !== undefined && { artifactType }),
    ...(content['annotations'] !== undefined && { annotations: content['annotations'] }),
  };
}

function subjectDigest(content: StoredManifest['content']): unknown {
  return isObject(content['subject']) ? content['subject']['digest'] : undefined;
}
