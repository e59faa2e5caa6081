// Image references as users write them: OCI distribution-spec "Pulling manifests" for the grammar, Docker's rules for what may be omitted.
import { type Digest, parseDigest } from './digest.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import type { FilePlace } from './place.ts';

/** A repository in a registry. Docker Hub is always `docker.io`, and its official images are below `library/`. */
export interface Repository {
  /** Host with an optional port, lower case. */
  readonly registry: string;
  readonly path: string;
}

export interface Reference {
  /** The user's text, for messages. */
  readonly text: string;
  readonly repository: Repository;
  readonly tag?: string;
  readonly digest?: Digest;
  /** The lines that name it, if it comes from files. */
  readonly places?: readonly FilePlace[];
}

/** A reference that identifies the bytes. */
export interface PinnedReference extends Reference {
  readonly digest: Digest;
}

export function isPinned(reference: Reference): reference is PinnedReference {
  return reference.digest !== undefined;
}

const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const HOST = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::[0-9]{1,5})?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const FORM = 'write "registry/name", followed by ":tag" or "@sha256:…" if needed';
const FORM_OF_HOST = `${FORM}; a registry is a host name or an address, with ":port" if needed`;
const FORM_OF_NAME = `${FORM}; a name has lower-case letters and digits, with ".", "_", "__" or "-" between them, in parts with "/" between them, and at most 255 characters with its registry`;
const FORM_OF_TAG = `${FORM}; a tag has at most 128 letters, digits, "_", "." and "-", and begins with a letter, a digit or "_"`;

/** OCI distribution-spec, "Pulling manifests". */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** `name`, `name:tag`, `name@sha256:…` or `name:tag@sha256:…`; a missing registry is Docker Hub. */
export function parseReference(text: string): Parsed<Reference> {
  const [, scheme, address = text] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  // Helm and gh write this prefix.
  if (scheme !== undefined && scheme !== 'oci') {
    return {
      problem: `"${text.replace(/\/\/[^/]*@/, '//…@')}" is an address and not the name of an image`,
      remedy: `write it without "${scheme}://"`,
    };
  }
  const [name = '', ...digests] = address.split('@');
  if (digests.length > 1) return { problem: `"${text}" has more than one "@"`, remedy: FORM };
  const digest = digests[0] === undefined ? undefined : parseDigest(digests[0]);
  if (digest && isProblem(digest)) return digest;
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (tag !== undefined && !isTag(tag))
    return { problem: `"${text}" has no valid tag after the colon`, remedy: FORM_OF_TAG };
  const repository = parseRepository(colon < 0 ? name : name.slice(0, colon));
  if (isProblem(repository)) return repository;
  return {
    value: {
      text,
      repository: repository.value,
      ...(tag === undefined ? {} : { tag }),
      ...(digest ? { digest: digest.value } : {}),
    },
  };
}

function parseRepository(name: string): Parsed<Repository> {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0)).toLowerCase();
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const registry = hasHost ? first : 'docker.io';
  const path = hasHost ? name.slice(slash + 1) : name;
  // Ports over 65535 and 1.2.3.4.5 match the form but are not addresses.
  if (!HOST.test(registry) || !URL.canParse(`https://${registry}`))
    return { problem: `"${registry}" is not a registry host`, remedy: FORM_OF_HOST };
  // GitHub's owners and repositories may have capitals, which the packages of ghcr.io never have: the meaning is unambiguous.
  const lower = registry === 'ghcr.io' ? path.toLowerCase() : path;
  if (PATH.test(lower) && registry.length + lower.length < 255)
    return { value: canonical(registry, lower) };
  if (lower !== lower.toLowerCase() && PATH.test(lower.toLowerCase()))
    return {
      problem: `"${name}" has upper-case letters`,
      remedy: `write "${name.toLowerCase()}", as it was pushed`,
    };
  return { problem: `"${name}" is not a valid repository name`, remedy: FORM_OF_NAME };
}

function canonical(registry: string, path: string): Repository {
  if (!DOCKER_HUB.has(registry)) return { registry, path };
  return { registry: 'docker.io', path: path.includes('/') ? path : `library/${path}` };
}

/** `ghcr.io/acme/app`. */
export function formatRepository({ registry, path }: Repository): string {
  return `${registry}/${path}`;
}

/** `ghcr.io/acme/app:v1@sha256:…`: the same for every spelling of the same image. */
export function formatImage({ repository, tag, digest }: Reference): string {
  const at = digest === undefined ? '' : `@${digest}`;
  return `${formatRepository(repository)}${tag === undefined ? '' : `:${tag}`}${at}`;
}

export function isSameRepository(one: Repository, other: Repository): boolean {
  return one.registry === other.registry && one.path === other.path;
}
