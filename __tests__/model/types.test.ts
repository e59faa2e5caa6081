// Short names of predicate types, both ways.
import { expect, test } from '@jest/globals';

import { NAMED_TYPES, nameOfType } from '../../src/model/types.ts';

test.each([
  ['https://sigstore.dev/cosign/sign/v1', 'signature'],
  ['https://slsa.dev/provenance/v1', 'provenance'],
  ['https://slsa.dev/provenance/v0.2', 'provenance'],
  ['https://slsa.dev/provenance/v1.0', 'https://slsa.dev/provenance/v1.0'],
  ['https://spdx.dev/Document', 'https://spdx.dev/Document'],
])('knows %s as %s', (type, name) => expect(nameOfType(type)).toBe(name));

test('distinguishes a provenance attestation from a signature', () => {
  expect(NAMED_TYPES['signature']).toEqual([
    'https://sigstore.dev/cosign/sign/v1',
    'application/vnd.dev.cosign.simplesigning.v1+json',
  ]);
});
