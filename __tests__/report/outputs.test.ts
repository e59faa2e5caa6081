// The outputs: names and JSON shapes that workflows rely on.
import { describe, expect, test } from '@jest/globals';

import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import type { Seen } from '../../src/model/verdict.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import {
  DIGEST,
  ISSUER,
  rejection,
  SAN,
  UNREAD,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';
import {
  accepted,
  imageVerdict,
  NOTHING_SEEN,
  REFERRER,
  signReport,
  unacceptable,
  verifyReport,
} from './reports.ts';

const NOTHING = { commands: [], resultsPath: '' };
const IMAGE = `ghcr.io/acme/app@${DIGEST}`;

const claims = {
  sourceRepositoryUri: 'https://github.com/acme/app',
  sourceRepositoryOwnerUri: 'https://github.com/acme',
  sourceRepositoryRef: 'refs/heads/main',
  sourceRepositoryDigest: '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60',
  runInvocationUri: 'https://github.com/acme/app/actions/runs/4242/attempts/1',
  buildTrigger: 'push',
};

function bundle(predicateType: string, place: string, source: string, index: string): object {
  const times = [{ time: '2026-01-02T03:04:05.000Z', source: 'timestamp-authority' }];
  const workflow = {
    server: 'https://github.com',
    repository: 'acme/app',
    path: '.github/workflows/release.yml',
    ref: 'refs/heads/main',
  };
  const logEntries = [
    {
      log: 'https://rekor.sigstore.dev',
      index,
      link: `https://search.sigstore.dev/?logIndex=${index}`,
    },
  ];
  return {
    source,
    place,
    predicateType,
    identity: SAN,
    issuer: ISSUER,
    workflow,
    claims,
    times,
    logEntries,
  };
}

function resultsOf(outputs: ReturnType<typeof outputsOf>): unknown {
  return JSON.parse(outputs['results'] ?? '');
}

describe('of signing', () => {
  const { results, ...others } = outputsOf(signReport(), {
    commands: ['cosign verify x', 'gh attestation verify x'],
    resultsPath: '/temp/results.json',
  });

  test('are plain text', () => {
    expect(others).toEqual({
      digest: DIGEST,
      image: IMAGE,
      images: IMAGE,
      'results-path': '/temp/results.json',
      signed: 'true',
      'skip-reason': '',
      identity: SAN,
      issuer: ISSUER,
      'bundle-path': 'out/bundles.jsonl',
      'attestation-id': '77',
      'attestation-url': 'https://github.com/acme/app/attestations/77',
      'log-index': '1',
      tags: '',
      'cluster-image-policy': expect.stringContaining('kind: "ClusterImagePolicy"'),
      'verify-commands': 'cosign verify x\ngh attestation verify x',
    });
  });

  test('results have an entry for each image, with a file and the places of each bundle', () => {
    const referrer = {
      store: 'registry',
      place: `ghcr.io/acme/app@${REFERRER}`,
      referrer: REFERRER,
    };
    const attestation = {
      store: 'github',
      place: 'attestation 77 of acme/app',
      attestation: { id: '77', url: 'https://github.com/acme/app/attestations/77' },
    };
    const place = 'ghcr.io/acme/app@sha256:1234';
    expect(JSON.parse(results ?? '')).toEqual([
      {
        image: IMAGE,
        digest: DIGEST,
        bundles: [
          {
            ...bundle(SIGNATURE_TYPE, place, 'this step', '1'),
            file: 'out/signature.json',
            stored: [referrer],
          },
          {
            ...bundle(PROVENANCE_TYPE, place, 'this step', '2'),
            file: 'out/provenance.json',
            stored: [referrer, attestation],
          },
        ],
        tags: [],
      },
    ]);
  });

  test('say that not everything is stored', () =>
    expect(outputsOf(signReport({ failures: [UNREAD] }), NOTHING)).toMatchObject({
      signed: 'false',
      digest: DIGEST,
    }));

  test('tell of each tag where it was, and of one that failed nothing about the stores', () => {
    const {
      subjects: [subject],
    } = signReport();
    const before = `sha256:${'ee'.repeat(32)}` as const;
    const tagged = [
      { subject, tag: 'v1', before: undefined },
      { subject, tag: 'latest', before },
    ];
    const outputs = outputsOf(signReport({ tagging: { tagged, failures: [UNREAD] } }), NOTHING);
    expect(outputs).toMatchObject({
      signed: 'true',
      tags: 'ghcr.io/acme/app:v1\nghcr.io/acme/app:latest',
    });
    expect(resultsOf(outputs)).toMatchObject([
      {
        tags: [
          { tag: 'v1', after: DIGEST },
          { tag: 'latest', before, after: DIGEST },
        ],
      },
    ]);
  });

  test('name every place of an image that is signed in two, with what is stored there and what GitHub has of it', () => {
    const copy = { repository: { registry: 'quay.io', path: 'acme/app' }, digest: DIGEST } as const;
    const {
      subjects: [subject],
      bundles: [signature, provenance],
    } = signReport();
    if (!provenance) throw new RangeError('no provenance');
    const subjects = [subject, copy] as const;
    const stored = provenance.stored.map((each) =>
      each.store === 'github' ? { ...each, subjects } : each,
    );
    const bundles = [
      signature,
      { ...provenance, signed: { ...provenance.signed, subjects }, stored },
    ] as const;
    const outputs = outputsOf(signReport({ subjects, bundles }), NOTHING);
    expect([outputs['image'], outputs['images']]).toEqual([
      IMAGE,
      `${IMAGE}\nquay.io/acme/app@${DIGEST}`,
    ]);
    expect(resultsOf(outputs)).toMatchObject([
      { image: IMAGE, bundles: [{}, {}] },
      { image: `quay.io/acme/app@${DIGEST}`, bundles: [{ stored: [{ store: 'github' }] }] },
    ]);
  });
});

describe('of verifying', () => {
  test('accepted: the pinned image, and the evidence', () => {
    const outputs = outputsOf(
      verifyReport(imageVerdict(accepted(), 'ghcr.io/acme/app:v1')),
      NOTHING,
    );
    expect(outputs).toMatchObject({
      digest: DIGEST,
      image: IMAGE,
      images: IMAGE,
      verified: 'true',
      verdict: 'accepted',
    });
    expect(resultsOf(outputs)).toEqual([
      {
        image: 'ghcr.io/acme/app:v1',
        places: [],
        pinned: IMAGE,
        digest: DIGEST,
        verdict: 'accepted',
        evidence: [
          {
            requirement: 'signature',
            bundles: [bundle(SIGNATURE_TYPE, 'ghcr.io/acme/app@sha256:1234', 'registry', '123')],
          },
        ],
        unacceptable: [],
        rejections: [],
        ignored: [],
        looked: [],
        failures: [],
      },
    ]);
  });

  test('rejected: every candidate with its findings', () => {
    const finding = { rule: 'repository', expected: 'acme/app', found: 'mallory/app' };
    const looked = [{ place: 'referrers API', answer: '3 listed' }];
    const ignored = verifiedBundle({ predicateType: 'https://spdx.dev/Document' });
    const seen: Seen = {
      unacceptable: [unacceptable(verifiedBundle({ place: 'A' }), finding)],
      rejections: [rejection('junk', 'B')],
      ignored: [ignored],
      looked,
    };
    const outputs = outputsOf(
      verifyReport(imageVerdict({ ...seen, outcome: 'rejected', unmet: ['signature'] })),
      NOTHING,
    );
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'rejected' });
    expect(resultsOf(outputs)).toEqual([
      {
        image: IMAGE,
        places: [],
        pinned: IMAGE,
        digest: DIGEST,
        verdict: 'rejected',
        evidence: [],
        looked,
        failures: [],
        unacceptable: [{ ...bundle(SIGNATURE_TYPE, 'A', 'registry', '123'), findings: [finding] }],
        rejections: [
          {
            source: 'registry',
            place: 'B',
            code: 'SIGNATURE',
            rule: 'signature',
            expected: 'made by the key',
            found: 'junk',
            message:
              'the signature does not match this content and key (signature: expected "made by the key", found "junk")',
          },
        ],
        ignored: [
          bundle('https://spdx.dev/Document', 'ghcr.io/acme/app@sha256:1234', 'registry', '123'),
        ],
      },
    ]);
  });

  test('inconclusive: why, and no digest of what could not be resolved', () => {
    const outputs = outputsOf(
      verifyReport(
        imageVerdict({ ...NOTHING_SEEN, outcome: 'inconclusive', failures: [UNREAD] }, 'app:v1'),
      ),
      NOTHING,
    );
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'inconclusive' });
    expect(resultsOf(outputs)).toEqual([
      {
        image: 'app:v1',
        places: [],
        verdict: 'inconclusive',
        evidence: [],
        unacceptable: [],
        rejections: [],
        ignored: [],
        looked: [],
        failures: [UNREAD],
      },
    ]);
  });

  test('one image that is not accepted keeps all of them from the outputs', () => {
    const outputs = outputsOf(
      verifyReport(
        imageVerdict(accepted()),
        imageVerdict({ ...NOTHING_SEEN, outcome: 'unattested', unmet: ['signature'] }),
      ),
      NOTHING,
    );
    expect(outputs).toMatchObject({ verified: 'false', verdict: 'unattested' });
    expect(
      Object.keys(outputs).filter((name) => ['image', 'images', 'digest'].includes(name)),
    ).toEqual([]);
  });
});
