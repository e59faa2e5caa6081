// A registry without the Referrers API, with one image whose fallback tag is written.
import { afterAll, beforeEach } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { readManifest } from '../../src/registry/content.ts';
import { listInFallbackTag } from '../../src/registry/fallback-tag.ts';
import type { Timing } from '../../src/registry/shared-tag.ts';
import { OCI_MANIFEST } from '../../src/registry/media-types.ts';
import { fallbackTag, parseReferrers, type Referrer } from '../../src/registry/referrer.ts';
import { INDEX, MANIFEST, pushImage, putManifest } from '../../lab/services/image.ts';
import { defaultSettings, type RegistrySettings } from '../../lab/services/registry/settings.ts';
import { type RegistryHandle, type SeenRequest, startRegistry } from '../../lab/services/start.ts';
import { until } from '../../lab/services/until.ts';
import { connect } from './connect.ts';

/** Without waiting for other writers. */
export const AT_ONCE: Timing = { settling: 0, contended: 0, lag: 2000, patience: 10_000 };
export const PATIENT: Timing = { settling: 1500, contended: 1500, lag: 4000, patience: 30_000 };

const bare: RegistrySettings = { ...defaultSettings, referrers: 'none', references: 'unchecked' };

export interface AddOptions {
  readonly timing?: Timing;
  readonly share?: number;
  readonly retryTimeout?: number;
}

export class TagFixture {
  readonly registry: RegistryHandle;
  repository = '';
  subject: Digest = `sha256:${'0'.repeat(64)}`;
  #count = 0;

  constructor(registry: RegistryHandle) {
    this.registry = registry;
  }

  get tag(): string {
    return fallbackTag(this.subject);
  }

  async renew(): Promise<void> {
    await this.registry.set(bare);
    await this.registry.mend();
    this.repository = `acme/app-${String((this.#count += 1))}`;
    this.subject = (await pushImage(this.registry, this.repository)).digest as Digest;
    await this.registry.clear();
  }

  add(
    entries: readonly Referrer[],
    { timing = AT_ONCE, share = 1, retryTimeout = 0 }: AddOptions = {},
  ): Promise<void> {
    const client = connect(this.registry.host, this.repository, { retryTimeout });
    return listInFallbackTag(client, this.subject, entries, { timing, share });
  }

  /** An entry of another tool, with the manifest that it lists. */
  async foreign(name: string): Promise<Referrer> {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, name }));
    const digest = await putManifest(this.registry, this.repository, bytes);
    return { mediaType: OCI_MANIFEST, digest: digest as Digest, size: bytes.byteLength };
  }

  /** Like cosign, replaces any existing content. */
  replace(manifests: readonly unknown[]): Promise<string> {
    const list = { schemaVersion: 2, mediaType: INDEX, manifests };
    return putManifest(this.registry, this.repository, list, INDEX, this.tag);
  }

  async text(): Promise<string> {
    const client = connect(this.registry.host, this.repository);
    return (await readManifest(client, this.tag))?.bytes.toString() ?? '';
  }

  async listed(): Promise<readonly string[]> {
    return parseReferrers(JSON.parse(await this.text())).map(({ digest }) => digest);
  }

  /** Requests with this method, for the tag only. */
  async requests(method: 'GET' | 'PUT'): Promise<readonly SeenRequest[]> {
    const requests = await this.registry.requests();
    return requests.filter((each) => each.method === method && each.path.endsWith(this.tag));
  }

  /** Returns when the first write of the tag has arrived. */
  async firstWrite(): Promise<void> {
    await until(async () => (await this.requests('PUT')).length > 0);
  }
}

/** Renewed before each test of the file. */
export async function tagFixture(): Promise<TagFixture> {
  const registry = await startRegistry(bare);
  const fixture = new TagFixture(registry);
  beforeEach(() => fixture.renew());
  afterAll(() => registry.stop());
  return fixture;
}

export function entry(digit: number): Referrer {
  return {
    mediaType: OCI_MANIFEST,
    digest: `sha256:${String(digit).repeat(64)}`,
    size: 7,
    artifactType: 'application/x-test',
    annotations: { a: 'b' },
  };
}
