// What is signed or verified: one manifest (or index) in one repository.
import type { Digest } from './digest.ts';
import { isNonEmpty, type NonEmpty } from './non-empty.ts';
import { formatRepository, isSameRepository, type Repository } from './reference.ts';

export interface Subject {
  readonly repository: Repository;
  readonly digest: Digest;
  /** What the index of the image says about this manifest; absent for an image that the user named. */
  readonly listedAs?: Descriptor;
  /** Of a manifest that was read in this repository. */
  readonly readAs?: Descriptor;
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

/** The name that Kubernetes and its admission controllers use. */
export function formatForClusters({ repository: { registry, path }, digest }: Subject): string {
  return `${registry === 'docker.io' ? 'index.docker.io' : registry}/${path}@${digest}`;
}

export function isSameSubject(one: Subject, other: Subject): boolean {
  return one.digest === other.digest && isSameRepository(one.repository, other.repository);
}

/** Whether `subject` is one of `subjects`. */
export function includesSubject(subjects: readonly Subject[], subject: Subject): boolean {
  return subjects.some((each) => isSameSubject(each, subject));
}

/** The same manifest in several repositories is signed once; a repository named twice counts once. */
export function groupByDigest([first, ...others]: NonEmpty<Subject>): NonEmpty<NonEmpty<Subject>> {
  const groups: [Group, ...Group[]] = [[first]];
  for (const subject of others) {
    const group = groups.find(([{ digest }]) => digest === subject.digest);
    if (!group) groups.push([subject]);
    else if (!includesSubject(group, subject)) group.push(subject);
  }
  return groups;
}

type Group = [Subject, ...Subject[]];

/** Each manifest in each repository once, in order; in the user's spelling, if both are there. */
export function distinctSubjects(subjects: NonEmpty<Subject>): NonEmpty<Subject> {
  const known = new Map<string, Subject>();
  for (const subject of subjects) {
    const name = formatSubject(subject);
    const earlier = known.get(name);
    if (!earlier || (earlier.listedAs && !subject.listedAs)) known.set(name, subject);
  }
  const [first = subjects[0], ...others] = known.values();
  return [first, ...others];
}

/** The images that the user named, without the contents of their indexes. */
export function namedIn(subjects: NonEmpty<Subject>): NonEmpty<Subject> {
  const named = subjects.filter(({ listedAs }) => listedAs === undefined);
  return isNonEmpty(named) ? named : subjects;
}
