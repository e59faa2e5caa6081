// The digest of a manifest or blob: OCI image-spec descriptor.md, "Digests"; sha256 is the only algorithm that every signer writes.
import { createHash } from 'node:crypto';
import type { Parsed } from '../text/parsed.ts';

/** `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

const HEX = /^[0-9a-f]{64}$/;
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const FROM_BUILD = 'pass the digest of the push: digest: ${{ steps.build.outputs.digest }}';

/** Reads a digest as users write it: with or without the `sha256:` prefix. */
export function parseDigest(text: string): Parsed<Digest> {
  const trimmed = text.trim();
  if (trimmed === '')
    return {
      problem: 'the digest is empty',
      remedy: `${FROM_BUILD} (it is only set if the build pushes)`,
    };
  if (/[\s,[{]/.test(trimmed))
    return {
      problem: 'it must be a single digest',
      remedy:
        'pass the digest of one manifest; for a matrix build, that of the index from "docker buildx imagetools create"',
    };
  const hex = trimmed.startsWith('sha256:') ? trimmed.slice('sha256:'.length) : trimmed;
  if (hex === OF_NOTHING)
    return { problem: `"${trimmed}" is the digest of empty content`, remedy: FROM_BUILD };
  if (HEX.test(hex)) return { value: `sha256:${hex}` };
  if (hex.startsWith(':'))
    return { problem: `"${trimmed}" has an extra colon`, remedy: 'write "sha256:" once' };
  if (HEX.test(hex.toLowerCase()))
    return {
      problem: `"${trimmed}" has upper-case digits`,
      remedy: 'write the digest in lower case',
    };
  const [, algorithm] = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):[a-zA-Z0-9=_-]+$/.exec(trimmed) ?? [];
  if (algorithm !== undefined && algorithm !== 'sha256')
    return {
      problem: `"${trimmed}" is a digest of ${algorithm}, and images are signed by their sha256 digest`,
      remedy:
        'pass the sha256 digest of the manifest, as "docker buildx imagetools inspect" shows it for a name without digest',
    };
  return { problem: `"${trimmed}" is not "sha256:" and 64 hex digits`, remedy: FROM_BUILD };
}

export function isDigest(value: unknown): value is Digest {
  return (
    typeof value === 'string' &&
    value.startsWith('sha256:') &&
    HEX.test(value.slice('sha256:'.length))
  );
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The 64 hex digits. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
