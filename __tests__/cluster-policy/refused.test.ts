// What is rejected in a ClusterImagePolicy: by name, with its line, and never skipped.
import { describe, expect, test } from '@jest/globals';

import { IDENTITIES, IMAGES, PEM, policyWith, problemsOf, withAuthorities } from './given.ts';

const keyless = { identities: IDENTITIES };
const key = { data: PEM };
const identified = (identity: object): string =>
  withAuthorities({ keyless: { identities: [identity] } });

describe('an invalid policy', () => {
  test.each<[string, string, readonly (RegExp | string)[]]>([
    [
      'an unknown field',
      policyWith({ images: IMAGES, authorities: [{ keyless }], image: [] }),
      [/"spec.image" is not a field .* did you mean "images"\?/],
    ],
    [
      'an unknown field of an authority',
      withAuthorities({ keyless, ctLog: {} }),
      [/"spec.authorities\[0\].ctLog" is not a field .*"ctlog"\?/],
    ],
    [
      'an unknown field of the document',
      policyWith({ images: IMAGES, authorities: [{ keyless }] }, { sepc: {} }),
      [/"sepc" is not a field/],
    ],
    [
      'a CUE policy',
      policyWith({
        images: IMAGES,
        authorities: [{ keyless }],
        policy: { type: 'cue', data: 'x' },
      }),
      [/"spec.policy" is a CUE or Rego policy/],
    ],
    [
      'a Rego policy of an attestation',
      withAuthorities({
        keyless,
        attestations: [{ name: 'a', predicateType: 'vuln', policy: { type: 'rego' } }],
      }),
      [/attestations\[0\].policy" is a CUE or Rego policy/],
    ],
    [
      'resources',
      policyWith({ images: IMAGES, authorities: [{ keyless }], match: [] }),
      [/"spec.match" restricts the policy/],
    ],
    [
      'no image',
      policyWith({ images: [], authorities: [{ keyless }] }),
      [/"spec.images" is empty/],
    ],
    [
      'no authority',
      policyWith({ images: IMAGES, authorities: [] }),
      [/"spec.authorities" is empty/],
    ],
    [
      'an empty policy',
      policyWith({}),
      [/"spec.images" is missing/, /"spec.authorities" is missing/],
    ],
    [
      'an authority without a kind',
      withAuthorities({ name: 'x' }),
      [/authorities\[0\].key" is missing, as are "keyless" and "static"/],
    ],
    [
      'an authority with two kinds',
      withAuthorities({ key, keyless }),
      [/"spec.authorities\[0\].key" is beside keyless/],
    ],
    [
      'no identity',
      withAuthorities({ keyless: { identities: [] } }),
      [/"spec.authorities\[0\].keyless.identities" is empty/],
    ],
    [
      'an identity without an issuer',
      identified({ subject: 'x' }),
      [/identities\[0\].issuer" and "issuerRegExp" are missing, which would accept any issuer/],
    ],
    [
      'an identity without a subject',
      identified({ issuer: 'https://x.example' }),
      [/identities\[0\].subject" and "subjectRegExp" are missing/],
    ],
    [
      'a pattern that matches every identity',
      identified({ issuer: 'https://x.example', subjectRegExp: '.*' }),
      [
        /subjectRegExp" cannot be used: the pattern "\.\*" would also accept "https:\/\/github.com\/mallory/,
      ],
    ],
    [
      'an exact value next to a pattern',
      identified({ issuer: 'https://x.example', subject: 'a', subjectRegExp: 'b' }),
      [/subjectRegExp" is beside "subject"/],
    ],
    [
      'a key from a Secret',
      withAuthorities({ key: { secretRef: { name: 'cosign' } } }),
      [/key.secretRef" names a Secret of the cluster/],
    ],
    [
      'a key from a key management service',
      withAuthorities({ key: { kms: 'awskms:///x' } }),
      [/key.kms" names a key service/],
    ],
    ['an empty key', withAuthorities({ key: {} }), [/key.data" is missing/]],
    [
      'another hash',
      withAuthorities({ key: { ...key, hashAlgorithm: 'sha512' } }),
      [/"sha512" is not supported/],
    ],
    [
      'a bundle signed with a key',
      withAuthorities({ key, signatureFormat: 'bundle' }),
      [/"bundle" needs "keyless"/],
    ],
    ['an unknown format', withAuthorities({ keyless, signatureFormat: 'v3' }), [/"v3" is unknown/]],
    [
      'a certificate without a log',
      withAuthorities({ keyless, ctlog: {} }),
      [/ctlog" without a log/],
    ],
    [
      'an unknown type',
      withAuthorities({ keyless, attestations: [{ name: 'a', predicateType: 'slsa' }] }),
      [/"slsa" is unknown .*slsaprovenance1/],
    ],
    [
      'a certificate authority',
      withAuthorities({ keyless: { ...keyless, 'ca-cert': key } }),
      [/ca-cert" is not supported/],
    ],
    [
      'an unknown mode',
      policyWith({ images: IMAGES, authorities: [{ keyless }], mode: 'audit' }),
      [/"audit" is unknown/],
    ],
    [
      'an unknown static decision',
      withAuthorities({ static: { action: 'maybe' } }),
      [/"maybe" is neither pass nor fail/],
    ],
    [
      'a static decision with evidence',
      withAuthorities({ static: { action: 'pass' }, attestations: [] }),
      [/attestations" has no meaning beside "static"/],
    ],
    [
      'two sources',
      withAuthorities({ keyless, source: [{ oci: 'ghcr.io/a/b' }, { oci: 'ghcr.io/a/c' }] }),
      [/source" has several entries/],
    ],
    [
      'different sources',
      withAuthorities({ keyless, source: [{ oci: 'ghcr.io/a/b' }] }, { keyless }),
      [/authorities\[1\].source" differs from .* ghcr.io\/a\/b/],
    ],
    [
      'a source with a tag',
      withAuthorities({ keyless, source: [{ oci: 'ghcr.io/a/b:v1' }] }),
      [/"ghcr.io\/a\/b:v1" is not a repository/],
    ],
    [
      'another tag prefix',
      withAuthorities({ keyless, source: [{ oci: 'ghcr.io/a/b', tagPrefix: 'x' }] }),
      [/tagPrefix" is not supported/],
    ],
    [
      'a TrustRoot without a file',
      withAuthorities({ keyless: { ...keyless, trustRootRef: 'own' } }),
      [/keyless" refers to the TrustRoot "own", .* set "trusted-root"/],
    ],
    [
      'a private Fulcio without a file',
      withAuthorities({ keyless: { ...keyless, url: 'https://f.example' } }),
      [/keyless" names the private instance "https:\/\/f.example"/],
    ],
    [
      'a private log without a file',
      withAuthorities({ keyless, ctlog: { url: 'https://r.example' } }),
      [/ctlog" names the private instance/],
    ],
    [
      'a regular expression for images',
      policyWith({ images: [{ regex: '.*' }], authorities: [{ keyless }] }),
      [/images\[0\].glob" is missing/, /regex" is not supported by policy-controller either/],
    ],
    [
      'text in place of a list',
      policyWith({ images: 'x', authorities: [{ keyless }] }),
      [/"spec.images" is not a list/],
    ],
    [
      "OpenShift's policy",
      policyWith({}, { apiVersion: 'config.openshift.io/v1' }),
      [/"config.openshift.io\/v1" is OpenShift's own policy, another thing of the same name/],
    ],
    [
      'another version',
      policyWith({}, { apiVersion: 'policy.sigstore.dev/v2' }),
      [/"policy.sigstore.dev\/v2" is unknown/],
    ],
    ['another kind', policyWith({}, { kind: 'Pod' }), [/"Pod" is not a ClusterImagePolicy/]],
    ['a TrustRoot', policyWith({}, { kind: 'TrustRoot' }), [/"TrustRoot" is not read/]],
    ['a list of policies', '- a\n- b', [/it is not a ClusterImagePolicy/]],
    ['an empty file', '# nothing\n', [/it is empty/]],
    ['text that is not YAML', 'a: [', [/line 1 of "p.yaml": it is not valid YAML/]],
    [
      'a duplicate key',
      'apiVersion: a\napiVersion: b',
      [/line 2 of "p.yaml": it is not valid YAML: Map keys must be unique/],
    ],
    ['an unknown YAML tag', 'apiVersion: !secret x', [/not valid YAML: Unresolved tag/]],
  ])('is rejected with its line: %s', async (_, text, problems) => {
    const found = await problemsOf(text);
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });
});
