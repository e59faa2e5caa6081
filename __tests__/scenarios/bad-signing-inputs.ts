// Inputs of a signing step with one problem each.
import type { Inputs, World } from './world.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
export const sign = { mode: 'sign', images: 'ghcr.io/acme/app', digest: DIGEST };
export const FROM_BUILD = /digest: \$\{\{ steps\.build\.outputs\.digest \}\}/;

/** The problem, the inputs, and the expected message and remedy. */
export type BadInput = readonly [string, Inputs, RegExp, RegExp];

export const badSigningInputs = ({ trust }: Pick<World, 'trust'>): readonly BadInput[] => [
  [
    'no mode',
    { ...sign, mode: '' },
    /^Missing required input "mode"/,
    /"mode: sign" or "mode: verify"/,
  ],
  [
    'no image',
    { ...sign, images: '' },
    /^Missing required input "images"/,
    /images: ghcr\.io\/owner\/name/,
  ],
  [
    'an empty digest',
    { ...sign, digest: '' },
    /^Cannot sign "ghcr\.io\/acme\/app": it has no digest/,
    FROM_BUILD,
  ],
  [
    'a tag without a digest',
    { ...sign, images: 'ghcr.io/acme/app:v1', digest: '' },
    /^Cannot sign "ghcr\.io\/acme\/app:v1": it has no digest, and a tag may have moved/,
    FROM_BUILD,
  ],
  [
    'a digest that is too short',
    { ...sign, digest: 'sha256:abc' },
    /^Cannot use "digest": "sha256:abc" is not "sha256:" and 64 hex digits/,
    FROM_BUILD,
  ],
  [
    'a doubled colon',
    { ...sign, digest: `sha256::${'ab'.repeat(32)}` },
    /^Cannot use "digest": "sha256::\w+" has an extra colon/,
    /write "sha256:" once/,
  ],
  [
    'a digest in capitals',
    { ...sign, digest: DIGEST.toUpperCase().replace('SHA256', 'sha256') },
    /^Cannot use "digest": .* has upper-case digits/,
    /lower case/,
  ],
  [
    'a digest of another algorithm',
    { ...sign, digest: `sha512:${'ab'.repeat(64)}` },
    /^Cannot use "digest": "sha512:\w+" is a digest of sha512, and images are signed by their sha256 digest/,
    /imagetools inspect/,
  ],
  [
    'the digest of nothing',
    { ...sign, digest: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    /^Cannot use "digest": .* digest of empty content/,
    FROM_BUILD,
  ],
  [
    'an unknown store',
    { ...sign, stores: 's3' },
    /^Cannot use "stores": "s3" is not supported/,
    /use registry or github/,
  ],
  [
    'an unknown attestation',
    { ...sign, attestations: 'sbom' },
    /^Cannot use "attestations": "sbom" names no file/,
    /write "sbom=FILE"/,
  ],
  [
    'a private instance without its root',
    { ...sign, 'trusted-root': '' },
    /"trusted-root" is empty/,
    /set "trusted-root" to the trusted_root\.json/,
  ],
  [
    'a signing configuration that is not there',
    { ...sign, sigstore: 'missing.json' },
    /^Cannot use the signing configuration ".*missing\.json": it does not exist/,
    /signing_config\.json/,
  ],
  [
    'a signing configuration that is a trusted root',
    { ...sign, sigstore: trust.trustedRoot },
    /^Cannot use the signing configuration ".*": it is a trusted root, which says whom to trust, not one of type application\/vnd\.dev\.sigstore\.signingconfig\.v0\.2\+json/,
    /signing_config\.json/,
  ],
];
