// What is signed or verified: one manifest (or index) in one repository.
import type { Digest } from './digest.ts';
import type { NonEmpty } from './non-empty.ts';
import { formatRepository, type Repository } from './reference.ts';

export interface Subject {
  readonly repository: Repository;
  readonly digest: Digest;
}

/** An OCI content descriptor (image-spec descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** `ghcr.io/acme/app@sha256:…`. */
export function formatSubject({ repository, digest }: Subject): string {
  return `${formatRepository(repository)}@${digest}`;
}

/** The same manifest in several repositories is one thing to sign; a repository named twice is one place. */
export function groupByDigest(subjects: readonly Subject[]): readonly NonEmpty<Subject>[] {
  const groups = new Map<Digest, [Subject, ...Subject[]]>();
  for (const subject of subjects) {
    const group = groups.get(subject.digest);
    if (!group) groups.set(subject.digest, [subject]);
    else if (!group.some((other) => formatSubject(other) === formatSubject(subject)))
      group.push(subject);
  }
  return [...groups.values()];
}
