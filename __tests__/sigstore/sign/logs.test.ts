// Accepts only complete log entries, and reports other responses without quoting them.
import { generateKeyPairSync } from 'node:crypto';
import type { SignatureBundle } from '@sigstore/sign';
import { describe, expect, test } from '@jest/globals';

import { rekorV1Witness } from '../../../src/sigstore/sign/rekor-v1.ts';
import { rekorV2Witness } from '../../../src/sigstore/sign/rekor-v2.ts';
import { type Answer, serve } from '../../../lab/services/loopback.ts';
import { problemOf, transportWith } from '../../registry/connect.ts';

const HASH = 'ab'.repeat(32);
const content: SignatureBundle = {
  $case: 'dsseEnvelope',
  dsseEnvelope: {
    payload: Buffer.from('{}'),
    payloadType: 'application/vnd.in-toto+json',
    signatures: [{ sig: Buffer.from('signature'), keyid: '' }],
  },
};
const verifier = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ format: 'pem', type: 'spki' })
  .toString();
const transport = transportWith(0);

const witnesses = {
  v1: (url: string) => rekorV1Witness(url, transport).testify(content, verifier),
  v2: (url: string) =>
    rekorV2Witness(url, () => Promise.resolve([]), transport).testify(content, verifier),
};

const body = (kind = 'dsse', apiVersion = '0.0.1'): string =>
  Buffer.from(JSON.stringify({ kind, apiVersion })).toString('base64');
const proof1 = { logIndex: 1, treeSize: 2, rootHash: HASH, hashes: [HASH], checkpoint: 'log\n2\n' };
const entry1 = {
  body: body(),
  integratedTime: 1_700_000_000,
  logID: HASH,
  logIndex: 7,
  verification: { signedEntryTimestamp: 'AAAA', inclusionProof: proof1 },
};
const entry2 = {
  logIndex: '7',
  logId: { keyId: 'AAAA' },
  kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
  integratedTime: '0',
  inclusionProof: {
    logIndex: '7',
    rootHash: 'AAAA',
    treeSize: '8',
    hashes: ['AAAA'],
    checkpoint: { envelope: 'log\n8\n' },
  },
  canonicalizedBody: 'AAAA',
};
const trap = { toString: 1, valueOf: 1 };

const bad1: readonly unknown[] = [
  {},
  [],
  null,
  { a: entry1, b: entry1 },
  { a: null },
  ...[
    { body: undefined },
    { body: trap },
    { body: '!' },
    { body: body('hashedrekord') },
    { body: body('dsse', '9') },
    { body: Buffer.from('SECRET').toString('base64') },
    { integratedTime: '1700000000' },
    { integratedTime: trap },
    { logID: undefined },
    { logID: 'AAAA' },
    { logIndex: -1 },
    { logIndex: 1e300 },
    { verification: undefined },
    { verification: { inclusionProof: proof1 } },
    { verification: { signedEntryTimestamp: trap, inclusionProof: proof1 } },
    { verification: { signedEntryTimestamp: 'AAAA' } },
    ...[
      { hashes: 'x' },
      { hashes: [trap] },
      { hashes: null },
      { checkpoint: trap },
      { rootHash: 1 },
      { treeSize: '2' },
    ].map((change) => ({
      verification: { signedEntryTimestamp: 'AAAA', inclusionProof: { ...proof1, ...change } },
    })),
  ].map((change) => ({ [HASH]: { ...entry1, ...change } })),
];
const bad2: readonly unknown[] = [
  {},
  [],
  null,
  ...[
    { logId: undefined },
    { logId: trap },
    { logId: { keyId: trap } },
    { logId: {} },
    { kindVersion: undefined },
    { kindVersion: { kind: 'dsse', version: '0.0.2' } },
    { kindVersion: { kind: trap, version: '0.0.2' } },
    { logIndex: trap },
    { logIndex: -1 },
    { logIndex: 1e300 },
    { logIndex: 'SECRET' },
    { inclusionProof: undefined },
    { inclusionProof: [] },
    { inclusionProof: { hashes: [trap] } },
    { inclusionProof: { ...entry2.inclusionProof, checkpoint: undefined } },
    { inclusionProof: { ...entry2.inclusionProof, checkpoint: { envelope: trap } } },
    { canonicalizedBody: undefined },
    { canonicalizedBody: trap },
  ].map((change) => ({ ...entry2, ...change })),
];

describe.each([
  ['v1', { [HASH]: entry1 }, bad1],
  ['v2', entry2, bad2],
] as const)('Rekor %s', (version, good, bad) => {
  const testify = witnesses[version];

  test.each([200, 201])('accepts a log entry with status %d', async (status) => {
    const server = await serve(() => ({ status, body: JSON.stringify(good) }));
    const { tlogEntries } = await testify(server.url.origin);
    expect(tlogEntries).toMatchObject([{ logIndex: '7' }]);
  });

  const answers: readonly (readonly [string, Answer & object, string])[] = [
    ['a web page', { body: '<!doctype html>SECRET' }, '200 without a log entry'],
    ['endless nesting', { body: '{"a":'.repeat(100_000) }, '200 without a log entry'],
    ['204', { status: 204 }, '204'],
    ['400', { status: 400, body: 'SECRET' }, '400'],
    ['401', { status: 401, body: 'SECRET' }, '401'],
    [
      'a redirect',
      { status: 307, headers: { location: 'https://elsewhere.example/SECRET' } },
      '307, a redirect to https://elsewhere.example, which is not followed',
    ],
    ...bad.map(
      (json) =>
        [
          JSON.stringify(json).slice(0, 100),
          { status: 201, body: JSON.stringify(json) },
          '201 without a log entry',
        ] as const,
    ),
  ];

  test.each(answers)('rejects a response with %s', async (_, answer, state) => {
    const server = await serve(() => answer);
    const problem = await problemOf(testify(server.url.origin));
    expect(problem).toMatchObject({
      kind: 'service',
      code: 'SERVICE_REFUSED',
      message: `Cannot log the signature: POST ${server.url.host}/api/${version}/log/entries answered ${state}`,
      remedy: expect.stringContaining(`must be a Rekor ${version} log`),
    });
    expect(problem.message + problem.remedy).not.toContain('SECRET');
    expect(server.asked).toHaveLength(1);
  });
});
