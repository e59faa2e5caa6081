// Blobs that go to several repositories: uploaded to one, and copied by its registry to the others.
import { type Digest, digestOf } from '../model/digest.ts';
import type { Repository } from '../model/reference.ts';
import type { RegistryClient } from './client.ts';
import { mountBlob } from './upload.ts';

/** Bytes: the upload of a smaller blob takes no longer than the request for a copy, which has to wait for another upload. */
const WORTH_A_COPY = 256 << 10;

export class SharedBlobs {
  /** The repository that has the blob, by registry and digest; undefined where the upload failed. */
  readonly #first = new Map<string, Promise<Repository | undefined>>();

  /** Calls `upload` unless the registry has the blob in another repository and copies it. */
  async put(client: RegistryClient, bytes: Buffer, upload: () => Promise<void>): Promise<void> {
    const digest = digestOf(bytes);
    if (bytes.length < WORTH_A_COPY) return upload();
    const first = this.#first.get(keyOf(client, digest));
    if (!first) return this.#putFirst(client, digest, upload());
    const from = await first;
    if (from && (await mountBlob(client, digest, from))) return;
    await upload();
  }

  #putFirst(client: RegistryClient, digest: Digest, uploading: Promise<void>): Promise<void> {
    const { repository } = client;
    const first = uploading.then(
      () => repository,
      () => undefined,
    );
    this.#first.set(keyOf(client, digest), first);
    return uploading;
  }
}

function keyOf({ origin }: RegistryClient, digest: Digest): string {
  return `${origin.host} ${digest}`;
}
