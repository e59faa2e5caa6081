// Describes a JSON document that was passed by mistake: the common documents of Sigstore and TUF.
import { isRecord } from '../text/json.ts';

/** Completes "it is". */
export function kindOfDocument(json: unknown): string {
  if (!isRecord(json)) return 'JSON, but not an object';
  const { mediaType, signed, kind, apiVersion } = json;
  const type = typeof mediaType === 'string' ? mediaType : '';
  if (type.includes('clienttrustconfig') || ('trustedRoot' in json && 'signingConfig' in json))
    return 'a client trust configuration, which contains a trusted root and a signing configuration';
  if (type.includes('trustedroot') || 'certificateAuthorities' in json)
    return 'a trusted root, which says whom to trust';
  if (type.includes('signingconfig') || 'caUrls' in json || 'rekorTlogUrls' in json)
    return 'a signing configuration, which says where to sign';
  if (type.includes('sigstore.bundle') || 'verificationMaterial' in json)
    return 'a Sigstore bundle';
  if (isRecord(signed) && typeof signed['_type'] === 'string')
    return `TUF metadata of the role "${signed['_type'].slice(0, 20)}"`;
  if (typeof kind === 'string' && typeof apiVersion === 'string')
    return `a Kubernetes resource of kind "${kind.slice(0, 40)}"`;
  return 'JSON of another kind';
}
