// Verdicts in words, in the log.
import { describe, expect, test } from '@jest/globals';

import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import type { Seen } from '../../src/model/verdict.ts';
import { explainVerdict, failureOf } from '../../src/report/explain.ts';
import {
  KEYLESS,
  ISSUER,
  rejection,
  SAN,
  UNREAD,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';
import { accepted, imageVerdict, NOTHING_SEEN, unacceptable } from './reports.ts';
import { foreign, IMAGE, issuer, looked, rejected, repository } from './explain-fixture.ts';

test('explains an accepted image: signer, time and place', () => {
  expect(explainVerdict(imageVerdict(accepted()))).toEqual([
    `accepted: ${IMAGE}`,
    `  signature: signed by ${SAN} (${ISSUER}) at 2026-01-02T03:04:05.000Z, found at ghcr.io/acme/app@sha256:1234`,
  ]);
});

test('explains a rejected image: every reason and every place', () => {
  const ignored = verifiedBundle({ predicateType: 'https://spdx.dev/Document', place: 'C' });
  expect(
    explainVerdict(
      rejected({
        unacceptable: [foreign],
        rejections: [rejection('another', 'B')],
        ignored: [ignored],
        looked,
      }),
    ),
  ).toEqual([
    `rejected: ${IMAGE}`,
    `  signature at A: signed by ${SAN} (${ISSUER})`,
    '  signature at A: repository: expected "https://github.com/acme/app", found "https://github.com/mallory/app"',
    `  signature at A: to accept this signer instead of others, set "repository: acme/app" and "signer-workflow: ${SAN.slice('https://github.com/'.length)}"`,
    '  B: SIGNATURE, the signature does not match this content and key (signature: expected "made by the key", found "another")',
    '  C: verified, but of type https://spdx.dev/Document, which "require" does not list',
    '  searched referrers API: 404',
    '  searched tag sha256-ab: absent',
  ]);
});

test('reports identical findings once', () => {
  const log = explainVerdict(
    rejected({
      unacceptable: Array.from({ length: 10 }, (_, index) =>
        unacceptable(verifiedBundle({ place: `A${index}` }), repository),
      ),
      rejections: [rejection('another', 'B1'), rejection('another', 'B2')],
    }),
  );
  expect(log).toHaveLength(6);
  expect(log[4]).toBe('  signature at A0: and 9 more like it');
  expect(log[5]).toMatch(/^ {2}B1: SIGNATURE, .*, and 1 more$/);
});

describe('lines to paste', () => {
  const logOf = (...findings: Parameters<typeof unacceptable>[1][]): string =>
    explainVerdict(
      rejected({
        unacceptable: findings.map((finding) => unacceptable(verifiedBundle(), finding)),
      }),
    ).join('\n');

  test('contain identity and issuer of a signer of another issuer', () =>
    expect(logOf(issuer)).toContain(
      `set "certificate-identity: ${SAN}" and "certificate-oidc-issuer: ${ISSUER}"`,
    ));

  test('are omitted if the circumstances are rejected, because naming the signer would accept them', () =>
    expect(logOf({ rule: 'event', expected: 'push', found: 'pull_request' })).not.toContain(
      'to accept this signer',
    ));
});

describe('the likely cause', () => {
  const workflow = 'https://github.com/acme/app/.github/workflows/x.yml';
  const reusable = 'https://github.com/acme/shared/.github/workflows/x.yml@refs/heads/main';
  test.each<[string, string, string, string]>([
    ['source-ref', 'refs/tags/v*', 'refs/heads/x', 'Only the ref of the build differs'],
    ['event', 'push', 'schedule', 'Only the event of the run differs'],
    ['signer-workflow', `${workflow}@a`, `${workflow}@b`, 'Only the ref of the signing workflow'],
    [
      'signer-workflow',
      'https://github.com/acme/app/*',
      reusable,
      'A reusable workflow of another',
    ],
    ['key', 'a', 'b', 'It is signed with a certificate, and this gate requires a key'],
  ])('is reported for %s: expected %s, found %s', (rule, expected, found, cause) => {
    const one = unacceptable(verifiedBundle(), { rule, expected, found });
    expect(failureOf(rejected({ unacceptable: [one] })).message).toContain(cause);
  });

  test('is reported for provenance without a signature', () => {
    const ignored = [verifiedBundle({ predicateType: PROVENANCE_TYPE })];
    expect(failureOf(rejected({ ignored })).message).toContain(
      'A provenance attestation is not a signature',
    );
  });

  test('is omitted for several findings', () => {
    const ref = { rule: 'source-ref', expected: 'a', found: 'b' };
    const far = unacceptable(verifiedBundle(), ref, issuer);
    expect(failureOf(rejected({ unacceptable: [far] })).message).not.toContain('Only');
  });
});

test('reports more evidence than required in one line', () => {
  const acceptance = { authority: KEYLESS, bundle: verifiedBundle() } as const;
  const acceptances = [acceptance, acceptance, acceptance] as const;
  const [, line] = explainVerdict(
    imageVerdict({
      ...NOTHING_SEEN,
      outcome: 'accepted',
      evidence: [{ policy: 'inputs', requirement: 'signature', acceptances }],
    }),
  );
  expect(line).toMatch(/^ {2}signature: signed by .* found at .*, and 2 more$/);
});

test('never prints untrusted text as a line, a command or an escape sequence', () => {
  const evil =
    'x\n::set-output name=verdict::accepted\r##[set-output name=verdict;]accepted\u001b[2J';
  const bundle = verifiedBundle({ san: evil, issuer: evil, predicateType: evil, place: evil });
  const finding = { rule: evil, expected: evil, found: evil };
  const failure = { ...UNREAD, message: evil, remedy: evil };
  const seen: Seen = {
    rejections: [rejection(evil, evil)],
    unacceptable: [unacceptable(bundle, finding)],
    ignored: [bundle],
    looked: [{ place: evil, answer: evil }],
  };
  const verdicts = [
    imageVerdict({ ...accepted(bundle, evil), ...seen }),
    imageVerdict({ ...seen, outcome: 'rejected', unmet: [evil] }),
    imageVerdict({ ...seen, outcome: 'inconclusive', failures: [failure] }),
    imageVerdict({ ...seen, outcome: 'unattested', unmet: [evil] }),
  ];
  for (const verdict of verdicts) {
    const { message, remedy } = failureOf(verdict);
    for (const line of [...explainVerdict(verdict), message, remedy]) {
      expect(line).not.toMatch(/\p{Cc}|^\s*::|##\[/u);
    }
  }
});
