// Commands of other tools, as a shell parses them.
import { execFileSync } from 'node:child_process';

import { describe, expect, test } from '@jest/globals';

import { mapEach } from '../../src/model/non-empty.ts';
import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import { verifyCommands } from '../../src/report/commands.ts';
import { DIGEST, ISSUER, SAN, verifiedBundle } from '../../lab/bundles/evidence.ts';
import type { SignReport } from '../../src/model/report.ts';
import { signedBy, signReport } from './reports.ts';

const IMAGE = `ghcr.io/acme/app@${DIGEST}`;
const UNLOGGED = { ...verifiedBundle(), logEntries: [] };
const provenance = verifiedBundle({ predicateType: PROVENANCE_TYPE });

function wordsOf(line: string): readonly string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`])
    .toString()
    .split('\0')
    .slice(0, -1);
}

describe('commands for the public-good instance', () => {
  test('use cosign for signatures and gh for attestations, in any store', () => {
    expect(verifyCommands(signReport(), undefined)).toEqual([
      `cosign verify --certificate-identity ${SAN} --certificate-oidc-issuer ${ISSUER} ${IMAGE}`,
      `gh attestation verify oci://${IMAGE} --repo acme/app --predicate-type ${PROVENANCE_TYPE} --bundle-from-oci`,
      `gh attestation verify oci://${IMAGE} --repo acme/app --predicate-type ${PROVENANCE_TYPE}`,
    ]);
  });

  test('name a reusable workflow of another repository to gh, without scheme and ref', () => {
    const san = 'https://github.com/platform/workflows/.github/workflows/publish.yml@refs/tags/v1';
    expect(
      verifyCommands(
        signedBy(verifiedBundle({ predicateType: PROVENANCE_TYPE, san }), 'github'),
        undefined,
      ),
    ).toEqual([
      `gh attestation verify oci://${IMAGE} --repo acme/app --signer-workflow github.com/platform/workflows/.github/workflows/publish.yml --predicate-type ${PROVENANCE_TYPE}`,
    ]);
  });

  test('treat a repository with the same prefix as another repository', () => {
    const san = 'https://github.com/acme/app-workflows/.github/workflows/publish.yml@refs/tags/v1';
    expect(
      verifyCommands(
        signedBy(verifiedBundle({ predicateType: PROVENANCE_TYPE, san }), 'github'),
        undefined,
      )[0],
    ).toContain('--signer-workflow github.com/acme/app-workflows/');
  });
});

test('name another repository to cosign, but not to gh, which cannot read it', () => {
  const repository = { registry: 'ghcr.io', path: 'acme/signatures' };
  const { bundles, ...report } = signReport();
  const elsewhere = mapEach(bundles, (bundle) => ({
    ...bundle,
    stored: bundle.stored.map((each) =>
      each.store === 'registry' ? { ...each, repository } : each,
    ),
  }));
  const identity = `--certificate-identity ${SAN} --certificate-oidc-issuer ${ISSUER} ${IMAGE}`;
  expect(verifyCommands({ ...report, bundles: elsewhere }, undefined)).toEqual([
    `COSIGN_REPOSITORY=ghcr.io/acme/signatures cosign verify ${identity}`,
    `COSIGN_REPOSITORY=ghcr.io/acme/signatures cosign verify-attestation --type ${PROVENANCE_TYPE} ${identity}`,
    `gh attestation verify oci://${IMAGE} --repo acme/app --predicate-type ${PROVENANCE_TYPE}`,
  ]);
});

test('writes a command once if two stores need the same', () => {
  const report = signReport();
  expect(
    verifyCommands({ ...report, bundles: [...report.bundles, ...report.bundles] }, undefined),
  ).toHaveLength(3);
});

describe('commands for a key', () => {
  const signer = { key: 'sha256:1234', from: 'key' };
  const publicKey = '-----BEGIN PUBLIC KEY-----\nMFkw+/==\n-----END PUBLIC KEY-----\n';
  const byKey = (predicateType?: string): SignReport => ({
    ...signedBy(verifiedBundle({ key: signer, ...(predicateType ? { predicateType } : {}) })),
    publicKey,
  });
  const variable =
    "COSIGN_PUBLIC_KEY=\"$(printf '%s\\n' '-----BEGIN PUBLIC KEY-----' MFkw+/== '-----END PUBLIC KEY-----')\"";

  test('contain the key, so that they need no file', () => {
    const [line = ''] = verifyCommands(byKey(), undefined);
    expect(line).toBe(`${variable} cosign verify --key env://COSIGN_PUBLIC_KEY ${IMAGE}`);
    const shown = execFileSync('sh', ['-c', `${variable}; printf %s "$COSIGN_PUBLIC_KEY"`]);
    expect(shown.toString()).toBe(publicKey.trim());
  });

  test('verify attestations, and those with a trusted root', () => {
    const report = {
      ...signReport({ publicKey }),
      bundles: byKey(PROVENANCE_TYPE).bundles,
    };
    expect(verifyCommands({ ...report, ...byKey(), bundles: report.bundles }, 'root.json')).toEqual(
      [
        `${variable} cosign verify-attestation --type ${PROVENANCE_TYPE} --trusted-root root.json --key env://COSIGN_PUBLIC_KEY ${IMAGE}`,
      ],
    );
  });

  test.each([
    ['SHA2_256', ''],
    ['SHA2_384', '--signature-digest-algorithm sha384 '],
    ['SHA2_512', '--signature-digest-algorithm sha512 '],
  ])('tell cosign the hash if Rekor v2 recorded %s', (algorithm, option) => {
    const body = JSON.stringify({ spec: { hashedRekordV002: { data: { algorithm } } } });
    const canonicalizedBody = Buffer.from(body).toString('base64');
    const json = Buffer.from(
      JSON.stringify({ verificationMaterial: { tlogEntries: [{ canonicalizedBody }] } }),
    );
    const report = byKey();
    const bundles = mapEach(report.bundles, (each) => ({
      ...each,
      signed: { ...each.signed, json },
    }));
    expect(verifyCommands({ ...report, bundles }, undefined)).toEqual([
      `${variable} cosign verify ${option}--key env://COSIGN_PUBLIC_KEY ${IMAGE}`,
    ]);
  });
});

describe("commands for GitHub's instance", () => {
  const atGitHub = (trustedRoot?: string): readonly string[] =>
    verifyCommands({ ...signedBy(UNLOGGED), instance: 'github' }, trustedRoot);

  test('use gh without flags, also for signatures', () => {
    expect(atGitHub()).toEqual([
      `gh attestation verify oci://${IMAGE} --repo acme/app --predicate-type https://sigstore.dev/cosign/sign/v1 --bundle-from-oci`,
    ]);
  });

  test('use cosign with the trusted root and without a log', () => {
    expect(atGitHub('root.json')).toEqual([
      `cosign verify --trusted-root root.json --insecure-ignore-sct --use-signed-timestamps --insecure-ignore-tlog --certificate-identity ${SAN} --certificate-oidc-issuer ${ISSUER} ${IMAGE}`,
    ]);
  });

  test('name the server of each tenant', () => {
    const san = 'https://acme.ghe.com/acme/app/.github/workflows/release.yml@refs/heads/main';
    const issuer = 'https://token.actions.acme.ghe.com';
    const claims = { sourceRepositoryUri: 'https://acme.ghe.com/acme/app' };
    const signed = signedBy(verifiedBundle({ san, issuer, claims }), 'registry');
    expect(verifyCommands({ ...signed, instance: 'github' }, undefined)[0]).toContain(
      ' --repo acme/app --hostname acme.ghe.com --predicate-type',
    );
  });

  test('name the issuer of an enterprise', () => {
    const signed = signedBy(verifiedBundle({ issuer: `${ISSUER}/acme` }));
    expect(verifyCommands({ ...signed, instance: 'github' }, undefined)[0]).toContain(
      ` --repo acme/app --cert-oidc-issuer ${ISSUER}/acme --predicate-type`,
    );
  });
});

describe('commands for a private instance', () => {
  test('use the timestamp with cosign if there is no log', () => {
    expect(verifyCommands(signedBy(UNLOGGED), 'root.json')).toEqual([
      `cosign verify --trusted-root root.json --use-signed-timestamps --insecure-ignore-tlog --certificate-identity ${SAN} --certificate-oidc-issuer ${ISSUER} ${IMAGE}`,
    ]);
  });

  test('use cosign with the trusted root, also for attestations in the registry', () => {
    expect(verifyCommands(signReport(), '/etc/sigstore/root.json')).toEqual([
      `cosign verify --trusted-root /etc/sigstore/root.json --certificate-identity ${SAN} --certificate-oidc-issuer ${ISSUER} ${IMAGE}`,
      `cosign verify-attestation --type ${PROVENANCE_TYPE} --trusted-root /etc/sigstore/root.json --certificate-identity ${SAN} --certificate-oidc-issuer ${ISSUER} ${IMAGE}`,
    ]);
  });

  test("are omitted for attestations that are only in GitHub's store", () =>
    expect(verifyCommands(signedBy(provenance, 'github'), 'root.json')).toEqual([]));
});

test.each([
  "it's",
  '$(touch x)',
  '`touch x`',
  'a; touch x',
  'a b',
  '"',
  '\\',
  "'; touch x; '",
  '*',
  '~root',
  '#x',
  'a\nb',
  'ä',
])('quotes %j as one word', (text) => {
  const [line = ''] = verifyCommands(signedBy(verifiedBundle({ san: text, issuer: text })), text);
  expect(wordsOf(line)).toEqual([
    'cosign',
    'verify',
    '--trusted-root',
    text,
    '--certificate-identity',
    text,
    '--certificate-oidc-issuer',
    text,
    IMAGE,
  ]);
});
