// What JSON is that was passed in place of a trusted root: the documents of Sigstore and TUF that people have at hand.
import { isRecord } from '../model/parsed.ts';

/** To stand behind a colon: a sentence that begins with "it". */
export function otherThanRoot(json: unknown): string {
  if (!isRecord(json)) return 'it is JSON, but not an object';
  const { mediaType, signed, kind, apiVersion } = json;
  const type = typeof mediaType === 'string' ? mediaType : '';
  if (type.includes('clienttrustconfig') || ('trustedRoot' in json && 'signingConfig' in json)) return 'it is a client trust configuration, of which only the part "trustedRoot" is a trusted root';
  if (type.includes('signingconfig') || 'caUrls' in json || 'rekorTlogUrls' in json) return 'it is a signing configuration, which says where to sign and not whom to trust';
  if (type.includes('sigstore.bundle') || 'verificationMaterial' in json) return 'it is a Sigstore bundle, not the root that it is verified with';
  if (isRecord(signed) && typeof signed['_type'] === 'string') return `it is TUF metadata of the role "${signed['_type'].slice(0, 20)}", with which a trusted root is fetched`;
  if (typeof kind === 'string' && typeof apiVersion === 'string') return `it is a Kubernetes resource of kind "${kind.slice(0, 40)}"`;
  return 'it is JSON without "certificateAuthorities"';
}
