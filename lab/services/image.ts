// Pushes small real images to a registry over HTTP, and arbitrary manifests.
import { createHash } from 'node:crypto';

import { type Answered, call, callOrThrow } from './call.ts';

export interface PushTarget {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface ImageOptions {
  readonly tag?: string;
  /** Text in the only layer; different content gives a different digest. */
  readonly content?: string;
  /** Such as ['linux/amd64', 'linux/arm64']: pushes an index, with BuildKit's attestation manifests. */
  readonly platforms?: readonly string[];
  /** BuildKit's statement about each of them. */
  readonly provenance?: { readonly predicateType: string; readonly predicate: object };
}

export interface PushedImage {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Digests of the platform images, by platform. */
  readonly platforms: Readonly<Record<string, string>>;
  /** Digests of BuildKit's attestation manifests, by platform. */
  readonly attestations: Readonly<Record<string, string>>;
}

const EMPTY = { predicateType: 'https://slsa.dev/provenance/v0.2', predicate: {} };

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

export async function pushImage(
  target: PushTarget,
  repository: string,
  options: ImageOptions = {},
): Promise<PushedImage> {
  const { tag, content = 'hello', platforms = [], provenance = EMPTY } = options;
  const session = await openSession(target, repository);
  if (platforms.length === 0) {
    const image = await pushPlatform(session, content, 'linux/amd64', tag);
    return { ...image, platforms: {}, attestations: {} };
  }
  const children: object[] = [];
  const digests: Record<string, string> = {};
  for (const platform of platforms) {
    const { digest, bytes } = await pushPlatform(session, content, platform);
    const [os, architecture, variant] = platform.split('/');
    digests[platform] = digest;
    children.push({
      mediaType: MANIFEST,
      digest,
      size: bytes.length,
      platform: { os, architecture, variant },
    });
  }
  const attestations: Record<string, string> = {};
  for (const [platform, digest] of Object.entries(digests)) {
    const attestation = await pushBuildAttestation(session, digest, provenance);
    attestations[platform] = attestation.digest;
    children.push(attestation);
  }
  const index = json({ schemaVersion: 2, mediaType: INDEX, manifests: children });
  return {
    digest: await session.putManifest(index, INDEX, tag),
    mediaType: INDEX,
    bytes: index,
    platforms: digests,
    attestations,
  };
}

/** Stores the bytes under the tag, or under their own digest; returns the digest. */
export async function putManifest(
  target: PushTarget,
  repository: string,
  bytes: Buffer | object,
  mediaType = MANIFEST,
  tag?: string,
): Promise<string> {
  const session = await openSession(target, repository);
  return session.putManifest(Buffer.isBuffer(bytes) ? bytes : json(bytes), mediaType, tag);
}

export async function putBlob(
  target: PushTarget,
  repository: string,
  bytes: Buffer | string,
): Promise<string> {
  const session = await openSession(target, repository);
  return (await session.putBlob(Buffer.from(bytes), 'application/octet-stream')).digest;
}

interface Session {
  putBlob(bytes: Buffer, mediaType: string): Promise<Descriptor>;
  putManifest(bytes: Buffer, mediaType: string, tag?: string): Promise<string>;
}

async function openSession(target: PushTarget, repository: string): Promise<Session> {
  const authorization = await authorize(target, repository);
  const base = `${target.url}/v2/${repository}`;
  const send = (
    method: string,
    url: string,
    body: Buffer | undefined,
    type = 'application/octet-stream',
  ): Promise<Answered> => {
    const headers = {
      'Content-Type': type,
      ...(authorization !== undefined && { Authorization: authorization }),
    };
    return callOrThrow(url, { method, headers, body });
  };
  return {
    async putBlob(bytes, mediaType) {
      const digest = digestOf(bytes);
      const upload = await send('POST', `${base}/blobs/uploads/`, undefined);
      const location = new URL(upload.headers.location ?? '', base);
      location.searchParams.set('digest', digest);
      await send('PUT', location.href, bytes);
      return { mediaType, digest, size: bytes.length };
    },
    async putManifest(bytes, mediaType, tag) {
      const digest = digestOf(bytes);
      await send('PUT', `${base}/manifests/${tag ?? digest}`, bytes, mediaType);
      return digest;
    },
  };
}

async function authorize(
  { url, username, password }: PushTarget,
  repository: string,
): Promise<string | undefined> {
  if (username === undefined || password === undefined) return undefined;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const challenge = (await call(`${url}/v2/`)).headers['www-authenticate'] ?? '';
  if (!challenge.startsWith('Bearer')) return basic;
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const { body } = await call(`${realm}?scope=repository:${repository}:pull,push`, {
    headers: { Authorization: basic },
  });
  return `Bearer ${(JSON.parse(body.toString()) as { token: string }).token}`;
}

async function pushPlatform(
  session: Session,
  content: string,
  platform: string,
  tag?: string,
): Promise<Omit<PushedImage, 'platforms' | 'attestations'>> {
  const layerBytes = Buffer.from(`${content} for ${platform}\n`);
  const layer = await session.putBlob(layerBytes, 'application/vnd.oci.image.layer.v1.tar');
  const [os, architecture] = platform.split('/');
  const image = {
    os,
    architecture,
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const config = await session.putBlob(json(image), 'application/vnd.oci.image.config.v1+json');
  const bytes = json({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
  return { digest: await session.putManifest(bytes, MANIFEST, tag), mediaType: MANIFEST, bytes };
}

// https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
async function pushBuildAttestation(
  session: Session,
  subject: string,
  { predicateType, predicate }: NonNullable<ImageOptions['provenance']>,
): Promise<Descriptor> {
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    subject: [{ name: '_', digest: { sha256: subject.slice('sha256:'.length) } }],
    predicateType,
    predicate,
  };
  const layer = {
    ...(await session.putBlob(json(statement), 'application/vnd.in-toto+json')),
    annotations: { 'in-toto.io/predicate-type': predicateType },
  };
  const image = {
    os: 'unknown',
    architecture: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const config = await session.putBlob(json(image), 'application/vnd.oci.image.config.v1+json');
  const bytes = json({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
  const entry = {
    mediaType: MANIFEST,
    digest: await session.putManifest(bytes, MANIFEST),
    size: bytes.length,
    annotations: {
      'vnd.docker.reference.digest': subject,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: { architecture: 'unknown', os: 'unknown' },
  };
  return entry;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
