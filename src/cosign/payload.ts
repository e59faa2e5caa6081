// The payload of a signature in cosign v2's format, byte for byte as sigstore pkg/signature/payload writes it: containers-signature(5).
import type { Digest } from '../model/digest.ts';
import type { Repository } from '../model/reference.ts';
import { goJson, goMap } from './go-json.ts';

/** `annotations` are signed with the image, sorted by name; without any, the value is null. */
export function simpleSigningPayload(
  repository: Repository,
  digest: Digest,
  annotations: Readonly<Record<string, string>> = {},
): Buffer {
  const critical = {
    identity: { 'docker-reference': dockerReference(repository) },
    image: { 'docker-manifest-digest': digest },
    type: 'cosign container image signature',
  };
  const isBare = Object.keys(annotations).length === 0;
  const optional = isBare ? 'null' : goMap(annotations);
  return Buffer.from(`{"critical":${goJson(critical)},"optional":${optional}}`);
}

/** The repository without tag and digest, as go-containerregistry names it; containers/image normalises both before it compares them. */
function dockerReference({ registry, path }: Repository): string {
  return `${registry === 'docker.io' ? 'index.docker.io' : registry}/${path}`;
}
