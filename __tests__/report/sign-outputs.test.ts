// The outputs of a signing step: names and JSON shapes that workflows rely on.
import { describe, expect, test } from '@jest/globals';

import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { DIGEST, ISSUER, SAN, UNREAD } from '../../lab/bundles/evidence.ts';
import { REFERRER, signReport } from './reports.ts';
import { bundle, IMAGE, NOTHING, resultsOf } from './outputs-fixture.ts';

describe('the outputs of a signing step', () => {
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

  test('have a result for each image, with the file and the places of each bundle', () => {
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

  test('report that not everything is stored', () =>
    expect(outputsOf(signReport({ failures: [UNREAD] }), NOTHING)).toMatchObject({
      signed: 'false',
      digest: DIGEST,
    }));

  test('report the previous digest of each tag, and what is stored despite a failed tag', () => {
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

  test('report every place of an image in two repositories and what each store has', () => {
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
