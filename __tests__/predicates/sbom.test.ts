// SBOMs are recognised by their content, and have the same types as in actions/attest.
import { describe, expect, test } from '@jest/globals';

import { parseSbom } from '../../src/predicates/sbom.ts';
import type { PredicateDocument } from '../../src/model/claim.ts';
import type { Parsed } from '../../src/text/parsed.ts';

const SPDX_2 = { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: 'app', packages: [] };
const SPDX_3 = {
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [{ type: 'SpdxDocument', spdxId: 'https://acme.example/app' }],
};
const CYCLONEDX = { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: 'urn:uuid:3e671687' };

const parse = (value: unknown): Parsed<PredicateDocument> =>
  parseSbom(Buffer.from(JSON.stringify(value, undefined, 2)));

describe('a known SBOM', () => {
  test.each<[string, object, string]>([
    ['SPDX 2.3', SPDX_2, 'https://spdx.dev/Document/v2.3'],
    ['SPDX 2.2', { ...SPDX_2, spdxVersion: 'SPDX-2.2' }, 'https://spdx.dev/Document/v2.2'],
    ['SPDX 3', SPDX_3, 'https://spdx.dev/Document/v3'],
    [
      'SPDX 3 with several contexts',
      { ...SPDX_3, '@context': ['https://spdx.org/rdf/3.0.0/spdx-context.jsonld', {}] },
      'https://spdx.dev/Document/v3',
    ],
    ['CycloneDX', CYCLONEDX, 'https://cyclonedx.org/bom'],
    [
      'CycloneDX without a serial number',
      { ...CYCLONEDX, serialNumber: undefined },
      'https://cyclonedx.org/bom',
    ],
  ])('is recognized: %s', (_, document, predicateType) => {
    const predicate = JSON.parse(JSON.stringify(document)) as unknown;
    expect(parse(document)).toEqual({ value: { predicateType, predicate } });
  });
});

describe('a document that is not a known SBOM', () => {
  test.each<[string, unknown, string]>([
    [
      'another version of SPDX',
      { ...SPDX_2, spdxVersion: 'SPDX-3.0' },
      'its spdxVersion is "SPDX-3.0"',
    ],
    ['an invalid version', { ...SPDX_2, spdxVersion: 'SPDX-2.3/../x' }, 'its spdxVersion is'],
    ['SPDX without an id', { ...SPDX_2, SPDXID: undefined }, 'no SPDXID'],
    ['SPDX 3 without elements', { ...SPDX_3, '@graph': [] }, 'nothing in its @graph'],
    [
      'JSON-LD of another kind',
      { ...SPDX_3, '@context': 'https://schema.org' },
      'neither SPDX nor CycloneDX',
    ],
    ['another format', { ...CYCLONEDX, bomFormat: 'Other' }, 'its bomFormat is "Other"'],
    [
      'CycloneDX without a version',
      { ...CYCLONEDX, specVersion: undefined },
      'its specVersion is null',
    ],
    ['both formats at once', { ...SPDX_2, ...CYCLONEDX }, 'more than one kind of SBOM at once'],
    ['a list', [SPDX_2], 'it is a JSON list, not an object'],
    ['an object of another kind', { a: 1 }, 'it is neither SPDX nor CycloneDX'],
    ['a response of the GitHub API', { sbom: SPDX_2 }, 'the member "sbom" in it'],
    [
      'a statement',
      { _type: 'https://in-toto.io/Statement/v1', predicate: SPDX_2 },
      'it is an in-toto statement',
    ],
    [
      'a bundle',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' },
      'it is a Sigstore bundle',
    ],
    ['an envelope', { payloadType: 'application/vnd.in-toto+json' }, 'it is a signed envelope'],
    [
      'the default output of Syft',
      { artifacts: [], descriptor: { name: 'syft' } },
      'the format of Syft itself',
    ],
    ['the default output of Trivy', { SchemaVersion: 2, Results: [] }, 'it is a report of Trivy'],
  ])('is rejected with its kind: %s', (_, document, problem) => {
    expect(parse(document)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'it is empty'],
    [
      'SPDX as text',
      'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n',
      'it is SPDX as tags and values',
    ],
    [
      'CycloneDX as XML',
      '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.6">',
      'it is CycloneDX as XML',
    ],
    ['a web page', '<!doctype html>', 'it is a web page'],
    ['a truncated file', '{"spdxVersion":', 'it is not JSON'],
    [
      'a duplicate key',
      '{"spdxVersion":"SPDX-2.3","spdxVersion":"SPDX-2.2"}',
      'the key "spdxVersion" twice',
    ],
  ])('is rejected: %s', (_, text, problem) => {
    expect(parseSbom(Buffer.from(text))).toMatchObject({
      problem: expect.stringContaining(problem),
    });
  });
});
