// What ClusterImagePolicy files become: alternatives with requirements, as policy-controller decides them.
import { describe, expect, test } from '@jest/globals';

import { formatMatcher, matches } from '../../src/model/matcher.ts';
import { SIGNATURE_TYPES } from '../../src/model/types.ts';
import { IDENTITIES, IMAGES, PEM, policyWith, read, withAuthorities } from './given.ts';

const keyless = { identities: IDENTITIES };
const LITELLM = `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: litellm-signed-images
spec:
  images:
    - glob: "ghcr.io/berriai/litellm*"
  authorities:
    - key:
        data: |
${PEM.trimEnd().replaceAll(/^/gm, '          ')}
`;

test("reads LiteLLM's policy as published", async () => {
  const { policies, problems, source } = await read({ 'litellm.yaml': LITELLM });
  expect({ problems, source }).toEqual({ problems: [], source: undefined });
  expect(policies).toEqual([
    {
      name: 'litellm-signed-images',
      origin: 'litellm.yaml:1',
      mode: 'enforce',
      images: expect.objectContaining({ kind: 'pattern', source: 'ghcr.io/berriai/litellm*' }),
      alternatives: [
        {
          kind: 'evidence',
          name: 'authority-0',
          requirements: [
            {
              name: 'signature',
              predicateTypes: SIGNATURE_TYPES,
              conditions: [{ kind: 'format', format: 'legacy' }],
              anyOf: [
                {
                  kind: 'key',
                  keys: [{ kind: 'pem', text: PEM, from: 'litellm.yaml:10' }],
                  witness: 'required',
                  roots: { kind: 'tuf' },
                },
              ],
            },
          ],
        },
      ],
    },
  ]);
  const digest = `@sha256:${'ab'.repeat(32)}`;
  const accepts = (name: string): boolean =>
    policies !== undefined && matches(policies[0].images, `${name}${digest}`);
  expect(accepts('ghcr.io/berriai/litellm')).toBe(true);
  expect(accepts('ghcr.io/berriai/litellm-database')).toBe(true);
  expect(accepts('ghcr.io/berriai/litellm/x')).toBe(false);
  expect(accepts('ghcr.io/berriai-x/litellm')).toBe(false);
});

test('requires all attestations instead of the signature', async () => {
  const { policies } = await read({
    'p.yaml': withAuthorities({
      name: 'builder',
      signatureFormat: 'bundle',
      keyless,
      attestations: [
        { name: 'a', predicateType: 'slsaprovenance1' },
        { name: 'b', predicateType: 'https://acme.example/scan/v1' },
      ],
    }),
  });
  expect(policies?.[0].alternatives).toMatchObject([
    {
      kind: 'evidence',
      name: 'builder',
      requirements: [
        {
          name: 'slsaprovenance1',
          predicateTypes: ['https://slsa.dev/provenance/v1'],
          conditions: [{ format: 'bundle' }],
          anyOf: [{ kind: 'keyless', circumstances: [] }],
        },
        { predicateTypes: ['https://acme.example/scan/v1'] },
      ],
    },
  ]);
});

test('reads each authority as an alternative, in order', async () => {
  const { policies } = await read({
    'p.yaml': policyWith({
      mode: 'warn',
      images: IMAGES,
      authorities: [
        { keyless },
        { key: { data: PEM }, ctlog: {} },
        { static: { action: 'fail', message: 'retired' } },
      ],
    }),
  });
  expect(policies).toMatchObject([
    {
      mode: 'warn',
      alternatives: [
        { name: 'authority-0', requirements: [{ anyOf: [{ kind: 'keyless' }] }] },
        { name: 'authority-1', requirements: [{ anyOf: [{ witness: 'insecure-ignored' }] }] },
        { kind: 'static', name: 'authority-2', action: 'fail', message: 'retired' },
      ],
    },
  ]);
});

test('accepts a timestamp in place of a log entry', async () => {
  const authority = {
    key: { data: PEM },
    ctlog: {},
    rfc3161timestamp: { trustRootRef: 'own' },
  };
  const { policies, problems } = await read(
    { 'p.yaml': withAuthorities(authority) },
    { trustedRoot: '/root.json' },
  );
  expect(problems).toEqual([]);
  expect(policies?.[0].alternatives).toMatchObject([
    {
      requirements: [
        { anyOf: [{ witness: 'required', roots: { kind: 'file', path: '/root.json' } }] },
      ],
    },
  ]);
});

test('reads identities as exact values or patterns, of issuer and subject together', async () => {
  const { policies } = await read({
    'p.yaml': withAuthorities({
      keyless: {
        url: 'https://fulcio.sigstore.dev',
        identities: [
          ...IDENTITIES,
          {
            issuerRegExp: 'https://token.actions.githubusercontent.com.*'.replace('.*', '(/.*)?'),
            subjectRegExp: '^https://github.com/acme/.+$',
          },
        ],
      },
    }),
  });
  const alternative = policies?.[0].alternatives[0];
  if (alternative?.kind !== 'evidence') throw new TypeError('no evidence');
  const [authority] = alternative.requirements[0].anyOf;
  if (authority.kind !== 'keyless') throw new TypeError('a key');
  expect(
    authority.identities.map(({ issuer, rules: [{ name, matcher }] }) => [
      formatMatcher(issuer),
      name,
      formatMatcher(matcher),
    ]),
  ).toEqual([
    [IDENTITIES[0]?.issuer, 'certificate-identity', 'https://github.com/acme/x'],
    [
      'a match of https://token.actions.githubusercontent.com(/.*)?',
      'certificate-identity',
      'a match of ^https://github.com/acme/.+$',
    ],
  ]);
});

test('searches the one source that all policies name', async () => {
  const authority = { keyless, source: [{ oci: 'ghcr.io/acme/sigs', signaturePullSecrets: [] }] };
  const { source, problems } = await read({
    'a.yaml': withAuthorities(authority, authority),
    'b.yaml': withAuthorities(authority),
  });
  expect({ source, problems }).toEqual({
    source: { registry: 'ghcr.io', path: 'acme/sigs' },
    problems: [],
  });
});

describe('a policy file', () => {
  test('can have several documents of either version, comments and anchors', async () => {
    const { policies, problems } = await read({
      'p.yaml': `# ours\n---\n${withAuthorities({ keyless })}\n---\n---\n${policyWith(
        { images: IMAGES, authorities: [{ keyless }] },
        {
          apiVersion: 'policy.sigstore.dev/v1alpha1',
          metadata: { name: 'old', labels: { team: 'x' } },
          status: { conditions: [] },
        },
      )}\n`,
    });
    expect(problems).toEqual([]);
    expect(policies?.map(({ name }) => name)).toEqual(['release', 'old']);
  });
});
