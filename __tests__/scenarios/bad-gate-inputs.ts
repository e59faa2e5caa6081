// Inputs of a gate with one problem each.
import { type BadInput, FROM_BUILD } from './bad-signing-inputs.ts';
import type { World } from './world.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const verify = { mode: 'verify', images: `ghcr.io/acme/app@${DIGEST}` };

export const badGateInputs = ({ trust }: Pick<World, 'trust'>): readonly BadInput[] => [
  [
    'an unknown mode',
    { ...verify, mode: 'attest' },
    /^Cannot use "mode": "attest" is neither sign nor verify/,
    /"mode: sign" or "mode: verify"/,
  ],
  [
    'an empty digest in a reference',
    { ...verify, images: 'ghcr.io/acme/app@' },
    /^Cannot use "images": .*digest is empty/,
    FROM_BUILD,
  ],
  [
    'an upper-case name',
    { ...verify, images: `registry.example/Acme/App@${DIGEST}` },
    /^Cannot use "images": "registry\.example\/Acme\/App" has upper-case letters/,
    /write "registry\.example\/acme\/app", as it was pushed/,
  ],
  [
    'neither tag nor digest',
    { mode: 'verify', images: 'ghcr.io/acme/app' },
    /^Cannot verify "ghcr\.io\/acme\/app": it has neither a tag nor a digest/,
    /tag or the digest/,
  ],
  [
    'two kinds of identity',
    { ...verify, 'certificate-identity': 'https://a.example', repository: 'acme/app' },
    /^Cannot combine "certificate-identity" with "repository"/,
    /use "repository" for GitHub workflows, or "certificate-identity" for any other signer/,
  ],
  [
    'a repository without an owner',
    { ...verify, repository: 'app' },
    /^Cannot use "repository": "app" is not of the expected form/,
    /write owner\/name/,
  ],
  [
    'a workflow that is no file',
    { ...verify, 'signer-workflow': 'acme/ci' },
    /^Cannot use "signer-workflow"/,
    /owner\/name\/\.github\/workflows\/file\.yml/,
  ],
  [
    'a short ref of a workflow',
    { ...verify, 'signer-workflow': 'acme/app/.github/workflows/release.yml@v1' },
    /^Cannot use "signer-workflow": "v1" is neither a ref nor a full commit/,
    /"@refs\/tags\/v1" for a tag, "@refs\/heads\/v1" for a branch/,
  ],
  [
    'a pattern for the ref of a workflow',
    { ...verify, 'signer-workflow': 'acme/app/.github/workflows/release.yml@refs/tags/v*' },
    /^Cannot use "signer-workflow": "refs\/tags\/v\*" is a pattern/,
    /remove the ref .* and use "source-ref: refs\/tags\/v\*"/,
  ],
  [
    'a pattern for an identity',
    { ...verify, 'certificate-identity': '^https://github.com/acme/.*$' },
    /^Cannot use "certificate-identity": "\^https:\S+" is a pattern/,
    /write the full identity, or use "repository" or "owner"/,
  ],
  [
    'two identities in one line',
    { ...verify, 'certificate-identity': 'a@acme.example, b@acme.example' },
    /^Cannot use "certificate-identity": "a@acme\.example, b@acme\.example" is not one identity/,
    /one identity per line/,
  ],
  [
    'identities and issuers that make no pairs',
    {
      ...verify,
      'certificate-identity': 'a@acme.example\nb@acme.example\nc@acme.example',
      'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
    },
    /^Cannot pair 3 values of "certificate-identity" with 2 of "certificate-oidc-issuer"/,
    /one issuer per identity, in the same order/,
  ],
  [
    'a branch by its short name',
    { ...verify, 'source-ref': 'main' },
    /^Cannot use "source-ref": "main" does not begin with "refs\/"/,
    /"refs\/heads\/main" for a branch/,
  ],
  [
    'a commit in capitals',
    { ...verify, 'source-digest': 'AB'.repeat(20) },
    /^Cannot use "source-digest": .* has upper-case digits/,
    /write "(ab){20}"/,
  ],
  [
    'a key beside a circumstance',
    { ...verify, key: 'cosign.pub', 'source-ref': 'refs/heads/main' },
    /^Cannot combine "key" with "source-ref": a key carries no identity and no information about the build/,
    /or "source-ref" for keyless signatures/,
  ],
  [
    'no requirement',
    { ...verify, require: ' ' },
    /^Cannot verify: "require" is empty/,
    /remove "require"/,
  ],
  [
    'an unknown requirement',
    { ...verify, require: 'signatures' },
    /^Cannot use "require": "signatures" is neither a known name nor a URI/,
    /signature, provenance, sbom or the URI/,
  ],
  [
    'no issuer',
    { ...verify, 'certificate-oidc-issuer': '' },
    /^Cannot verify: "certificate-oidc-issuer" is empty/,
    /remove "certificate-oidc-issuer"/,
  ],
  [
    'a duration without a unit',
    { ...verify, 'retry-timeout': '5' },
    /^Cannot use "retry-timeout": "5" is not a duration/,
    /30s, 5m, 1h/,
  ],
  [
    'half a login',
    { ...verify, 'registry-username': 'octocat' },
    /^Cannot use "registry-username" without "registry-password"/,
    /set "registry-password" too, or remove/,
  ],
  [
    'an input of the other mode',
    { ...verify, stores: 'github' },
    /^Cannot use "stores" with "mode: verify"/,
    /remove "stores"/,
  ],
  [
    'a copy of evidence to a tag',
    { ...verify, 'copy-evidence-to': 'quay.io/acme/app:v1' },
    /^Cannot use "copy-evidence-to": "quay\.io\/acme\/app:v1" has a tag/,
    /write the repository alone: quay\.io\/acme\/app$/,
  ],
  [
    'a copy of evidence to where it is',
    { ...verify, 'copy-evidence-to': 'ghcr.io/acme/app' },
    /^Cannot use "copy-evidence-to": "ghcr\.io\/acme\/app" is where an image of this step/,
    /name the repository that the image is copied to/,
  ],
  [
    'a trusted root that is not there',
    { ...verify, 'trusted-root': 'missing.json' },
    /^Cannot use "trusted-root": ".*missing\.json": it does not exist/,
    /trusted_root\.json/,
  ],
  [
    'a trusted root that is a directory',
    { ...verify, 'trusted-root': '.' },
    /^Cannot use "trusted-root": ".*": it is a directory/,
    /trusted_root\.json/,
  ],
  [
    'a trusted root that is a signing configuration',
    { ...verify, 'trusted-root': trust.signingConfigs.rekor2 },
    /^Cannot use "trusted-root": ".*": it is a signing configuration, which says where to sign, not a trusted root/,
    /pass the path of a trusted_root\.json/,
  ],
  [
    'a key beside an identity',
    { ...verify, key: 'cosign.pub', repository: 'acme/app' },
    /^Cannot combine "key" with "repository": a key carries no identity/,
    /use "key" for images signed with that key, or "repository" for keyless signatures/,
  ],
  [
    'a key by http',
    { ...verify, key: 'http://acme.example/cosign.pub' },
    /^Cannot use "key": "http:\/\/acme\.example\/cosign\.pub" is not an https URL/,
    /use an https URL, a path/,
  ],
  [
    'a key with a login in its URL',
    { ...verify, key: 'https://octocat:secret@acme.example/cosign.pub' },
    /^Cannot use "key": the URL at "acme\.example" contains credentials$/,
    /remove the credentials/,
  ],
  [
    'a key file that is not there',
    { ...verify, key: 'missing.pub' },
    /^Cannot use the key ".*missing\.pub": it does not exist/,
    /relative to the workspace/,
  ],
  [
    'a key that is a directory',
    { ...verify, key: '.' },
    /^Cannot use the key ".*": it is a directory/,
    /check the path/,
  ],
  [
    'a key that is the trusted root',
    { ...verify, key: trust.trustedRoot },
    /^Cannot use the key ".*trusted_root\.json": it is JSON, .* not a PEM public key/,
    /BEGIN PUBLIC KEY/,
  ],
  [
    'a private key',
    {
      ...verify,
      key: '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----',
    },
    /^Cannot use the key "key": it is a private key/,
    /public half/,
  ],
  [
    'a certificate in place of a key',
    { ...verify, key: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    /^Cannot use the key "key": it is a certificate/,
    /only the public key/,
  ],
  [
    'no witness asked for without a key',
    { ...verify, 'insecure-ignore-tlog': 'true' },
    /^Cannot use "insecure-ignore-tlog" without "key"/,
    /remove "insecure-ignore-tlog"/,
  ],
];
