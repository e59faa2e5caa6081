// Manifests and tags of the embedded registry: reading by digest or tag, checked writing, deleting.
import { type Answer, type Exchange, isObject, parseObject } from '../answer.ts';
import { refuse } from './errors.ts';
import type { RegistrySettings } from './settings.ts';
import { digestOf, type Repository, type StoredManifest } from './store.ts';

const LARGEST_MANIFEST = 4 * 1024 * 1024;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function readManifest(
  repository: Repository,
  reference: string,
  { headers }: Exchange,
  settings: RegistrySettings,
): Answer {
  const manifest = resolve(repository, reference, settings);
  if (!manifest) throw refuse('MANIFEST_UNKNOWN', 'manifest unknown');
  const accept = headers.accept ?? '*/*';
  if (!accept.includes('*/*') && !accept.includes(manifest.mediaType)) {
    throw refuse(
      'MANIFEST_UNKNOWN',
      `manifest of type ${manifest.mediaType} found, but the accept header does not support it`,
    );
  }
  const answerHeaders = {
    'Content-Type': manifest.mediaType,
    'Docker-Content-Digest': manifest.digest,
    ...(settings.conditions !== 'none' && { ETag: etag(manifest) }),
  };
  if (settings.conditions === 'honoured' && headers['if-none-match'] === etag(manifest)) {
    return { status: 304, headers: answerHeaders };
  }
  return { status: 200, headers: answerHeaders, body: manifest.bytes };
}

// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
export function writeManifest(
  name: string,
  repository: Repository,
  reference: string,
  exchange: Exchange,
  settings: RegistrySettings,
): Answer {
  const manifest = parseManifest(exchange);
  const byDigest = reference.startsWith('sha256:');
  if (byDigest && reference !== manifest.digest) {
    throw refuse('DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  if (!byDigest && !TAG.test(reference)) throw refuse('MANIFEST_INVALID', 'invalid tag');
  if (settings.references === 'checked') checkReferences(repository, manifest);
  const subject = isObject(manifest.content['subject'])
    ? String(manifest.content['subject']['digest'])
    : undefined;
  if (
    subject !== undefined &&
    settings.missingSubject === 'refused' &&
    !repository.manifests.has(subject)
  ) {
    throw refuse('MANIFEST_INVALID', 'subject manifest is unknown');
  }
  checkConditions(repository, reference, manifest, exchange, settings);

  const isLost = subject !== undefined && settings.referrersLost > 0;
  if (isLost) settings.referrersLost -= 1;
  // A manifest that is pushed again keeps its position in the list, if it has one.
  if ((repository.manifests.get(manifest.digest)?.pushedAt ?? Infinity) === Infinity)
    repository.manifests.set(
      manifest.digest,
      isLost ? { ...manifest, pushedAt: Infinity } : manifest,
    );
  if (!byDigest) {
    repository.tags.set(reference, manifest.digest);
    repository.tagged.push({ tag: reference, digest: manifest.digest, at: Date.now() });
  }
  const announced =
    settings.subjectHeader === 'always' ||
    (settings.subjectHeader === 'with-api' && settings.referrers === 'api');
  return {
    status: 201,
    headers: {
      Location: `/v2/${name}/manifests/${manifest.digest}`,
      'Docker-Content-Digest': manifest.digest,
      ...(subject !== undefined && announced && { 'OCI-Subject': subject }),
    },
  };
}

export function deleteManifest(repository: Repository, reference: string): Answer {
  const removed = reference.startsWith('sha256:')
    ? repository.manifests.delete(reference)
    : repository.tags.delete(reference);
  if (!removed) throw refuse('MANIFEST_UNKNOWN', 'manifest unknown');
  for (const [tag, digest] of repository.tags)
    if (digest === reference) repository.tags.delete(tag);
  return { status: 202 };
}

function resolve(
  repository: Repository,
  reference: string,
  settings: RegistrySettings,
): StoredManifest | undefined {
  if (reference.startsWith('sha256:')) return repository.manifests.get(reference);
  const digest = taggedDigest(repository, reference, settings);
  if (digest !== undefined || settings.tagResolution === 'exact')
    return repository.manifests.get(digest ?? '');
  return repository.manifests.get(reference.replace(/^sha256-/, 'sha256:'));
}

function taggedDigest(
  { tags, tagged }: Repository,
  reference: string,
  { tagLag }: RegistrySettings,
): string | undefined {
  if (tagLag === 0) return tags.get(reference);
  const latest = Date.now() - tagLag;
  return tagged.findLast(({ tag, at }) => tag === reference && at <= latest)?.digest;
}

function parseManifest({ headers, body }: Exchange): StoredManifest {
  if (body.length > LARGEST_MANIFEST) throw refuse('SIZE_INVALID', 'manifest exceeds 4 MiB');
  const content = parseObject(body);
  const mediaType = headers['content-type'];
  if (!content || mediaType === undefined) throw refuse('MANIFEST_INVALID', 'manifest invalid');
  if (content['mediaType'] !== undefined && content['mediaType'] !== mediaType) {
    throw refuse('MANIFEST_INVALID', `mediaType in manifest should be '${mediaType}'`);
  }
  return { digest: digestOf(body), mediaType, bytes: body, content, pushedAt: Date.now() };
}

function checkReferences(repository: Repository, { content }: StoredManifest): void {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const digests = (descriptors: unknown[]): string[] =>
    descriptors.map((descriptor) => (isObject(descriptor) ? String(descriptor['digest']) : ''));
  const config = content['config'] === undefined ? [] : [content['config']];
  const blobs = digests([...config, ...list(content['layers'])]);
  const children = digests(list(content['manifests']));
  const malformed = [...blobs, ...children].find((digest) => !DIGEST.test(digest));
  if (malformed !== undefined) throw refuse('MANIFEST_INVALID', 'descriptor without a digest');
  const missing = [
    ...blobs.filter((digest) => !repository.blobs.has(digest)),
    ...children.filter((digest) => !repository.manifests.has(digest)),
  ];
  if (missing.length > 0)
    throw refuse('MANIFEST_BLOB_UNKNOWN', `blob unknown to registry: ${missing.join(', ')}`);
}

function checkConditions(
  repository: Repository,
  reference: string,
  manifest: StoredManifest,
  { headers }: Exchange,
  settings: RegistrySettings,
): void {
  const current = repository.manifests.get(repository.tags.get(reference) ?? '');
  if (settings.tags === 'immutable' && current && current.digest !== manifest.digest) {
    throw refuse('DENIED', `tag ${reference} is immutable`);
  }
  if (settings.conditions !== 'honoured') return;
  const matches =
    headers['if-match'] === undefined || (current && headers['if-match'] === etag(current));
  const absent = headers['if-none-match'] !== '*' || !current;
  if (!matches || !absent)
    throw refuse('PRECONDITION_FAILED', 'the tag was changed by somebody else');
}

function etag({ digest }: StoredManifest): string {
  return `"${digest}"`;
}
