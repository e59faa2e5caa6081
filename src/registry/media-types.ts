// The media types of manifests: OCI image-spec media-types.md, and Docker's own for images pushed with them.
import type { ResponseHeaders } from '../http/message.ts';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** The config of an artifact without one: image-spec manifest.md, "Guidance for an Empty Descriptor". */
export const EMPTY_CONFIG = 'application/vnd.oci.empty.v1+json';

/** All in one header: without them some registries convert the manifest, or answer 404. */
export const ACCEPT_MANIFESTS = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(', ');

/** Prefix of the types of bundles of every version. */
export const BUNDLE_PREFIX = 'application/vnd.dev.sigstore.bundle';

/** Of an image, an index or an artifact, also of kinds that are not used any more. */
export function isManifestType(mediaType: string): boolean {
  return /^application\/vnd\.(oci|docker)\./.test(mediaType);
}

/** A Content-Type without its parameters, in lower case. */
export function mediaTypeOf(headers: ResponseHeaders): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
