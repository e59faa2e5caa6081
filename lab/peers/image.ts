// Creates images, and moves attachments from one image to another.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { succeed } from '../tools/command.ts';
import type { Registry, Stack } from '../stack/stack.ts';

export interface Image {
  /** Host and repository. */
  readonly name: string;
  readonly digest: string;
  /** Name and digest. */
  readonly reference: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Index {
  readonly manifests: readonly Descriptor[];
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** crane puts any bytes into a layer, and no client here unpacks one. */
export async function pushImage(stack: Stack, { host }: Registry): Promise<Image> {
  const folder = await mkdtemp(join(stack.folder, 'image-'));
  const layer = join(folder, 'layer');
  await writeFile(layer, randomBytes(32));
  const name = `${host}/acme/app`;
  const tag = `${name}:${randomBytes(8).toString('hex')}`;
  const pushed = await succeed(
    stack.tool('crane'),
    ['append', '--oci-empty-base', '--new_layer', layer, '--new_tag', tag],
    stack,
  );
  const reference = pushed.trim();
  return { name, digest: reference.replace(/^.*@/, ''), reference };
}

/** An attacker with push access to the repository: the evidence of one image, attached to another. */
export async function graft(from: Image, to: Image): Promise<void> {
  const repository = `http://${to.name.replace('/', '/v2/')}`;
  const subject = await describe(`${repository}/manifests/${to.digest}`);
  const grafted: object[] = [];
  for (const { digest } of await referrers(repository, from.digest)) {
    const manifest = (await (await get(`${repository}/manifests/${digest}`)).json()) as object;
    const body = JSON.stringify({ ...manifest, subject });
    const moved = digestOf(body);
    await put(`${repository}/manifests/${moved}`, MANIFEST, body);
    grafted.push({
      ...manifest,
      config: undefined,
      layers: undefined,
      mediaType: MANIFEST,
      digest: moved,
      size: body.length,
    });
  }
  if (grafted.length === 0) throw new Error(`Nothing is attached to ${from.reference}`);
  if (await hasReferrersApi(repository, to.digest)) return;
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: grafted };
  await put(`${repository}/manifests/${fallbackTag(to.digest)}`, INDEX, JSON.stringify(index));
}

/** The same for a tag of cosign v2, whose manifest names no image. */
export async function graftTag(from: Image, to: Image, suffix: string): Promise<void> {
  const manifests = `http://${from.name.replace('/', '/v2/')}/manifests`;
  const response = await get(`${manifests}/${fallbackTag(from.digest)}${suffix}`);
  await put(
    `${manifests}/${fallbackTag(to.digest)}${suffix}`,
    response.headers.get('content-type') ?? MANIFEST,
    await response.text(),
  );
}

async function referrers(repository: string, digest: string): Promise<readonly Descriptor[]> {
  const path = (await hasReferrersApi(repository, digest))
    ? `referrers/${digest}`
    : `manifests/${fallbackTag(digest)}`;
  return ((await (await get(`${repository}/${path}`)).json()) as Index).manifests;
}

async function hasReferrersApi(repository: string, digest: string): Promise<boolean> {
  const response = await fetch(`${repository}/referrers/${digest}`);
  await response.arrayBuffer();
  return response.ok;
}

/** Distribution specification, “Referrers Tag Schema”. */
function fallbackTag(digest: string): string {
  return digest.replace(':', '-');
}

async function describe(url: string): Promise<Descriptor> {
  const response = await get(url);
  const body = Buffer.from(await response.arrayBuffer());
  return {
    mediaType: response.headers.get('content-type') ?? MANIFEST,
    digest: digestOf(body),
    size: body.length,
  };
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { headers: { Accept: `${MANIFEST}, ${INDEX}` } });
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}`);
  return response;
}

async function put(url: string, type: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', headers: { 'Content-Type': type }, body });
  if (!response.ok)
    throw new Error(`PUT ${url} answered ${response.status}: ${await response.text()}`);
}

function digestOf(body: Buffer | string): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}
