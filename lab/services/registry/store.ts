// The content of the embedded registry, by repository.
import { createHash, randomUUID } from 'node:crypto';

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly content: Readonly<Record<string, unknown>>;
  readonly pushedAt: number;
}

export interface Repository {
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
  /** Every digest that a tag has had, oldest first. */
  readonly tagged: { readonly tag: string; readonly digest: string; readonly at: number }[];
  readonly uploads: Map<string, Buffer>;
}

export class Store {
  readonly #repositories = new Map<string, Repository>();

  find(name: string): Repository | undefined {
    return this.#repositories.get(name);
  }

  /** Pushing creates a repository, as in registries that do not require that it is created first. */
  create(name: string): Repository {
    const existing = this.#repositories.get(name);
    if (existing) return existing;
    const repository: Repository = {
      blobs: new Map(),
      manifests: new Map(),
      tags: new Map(),
      tagged: [],
      uploads: new Map(),
    };
    this.#repositories.set(name, repository);
    return repository;
  }

  blob(digest: string): Buffer | undefined {
    return [...this.#repositories.values()]
      .find(({ blobs }) => blobs.has(digest))
      ?.blobs.get(digest);
  }
}

export function openUpload(repository: Repository): string {
  const session = randomUUID();
  repository.uploads.set(session, Buffer.alloc(0));
  return session;
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
