// The links from a signature over an attestation manifest to the image: the bundle is rejected if one is broken.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { BundleJson } from '../../../lab/bundles/bundle-json.ts';
import { type Instance, startInstance } from '../../../lab/bundles/instance.ts';
import { fromBuildKit } from '../../../lab/bundles/provenance.ts';
import { makeBundle } from '../../../lab/bundles/signing.ts';
import { DIGEST, statementAbout } from '../../../lab/bundles/statement.ts';
import type { Concluded } from '../../../src/model/verdict.ts';

const OTHER = `sha256:${'cd'.repeat(32)}`;
const STATEMENT = toBytes(statementAbout(DIGEST, fromBuildKit()));
const MANIFEST = listing(STATEMENT);

let own: Instance;
let signature: BundleJson;

beforeAll(async () => {
  own = await startInstance();
  signature = await makeBundle(own, { payload: statementAbout(sha256(MANIFEST)) });
});
afterAll(() => own.stop());

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function toBytes(json: object): Buffer {
  return Buffer.from(JSON.stringify(json));
}

function listing(statement: Buffer): Buffer {
  return toBytes({ schemaVersion: 2, layers: [{ digest: sha256(statement), size: 1 }] });
}

function check(manifest: Buffer, statement: Buffer, bundle = signature): Promise<Concluded> {
  const attested = { image: DIGEST, manifest, statement };
  return own.verify({ source: 'registry', place: 'here', json: toBytes(bundle), attested }, DIGEST);
}

async function signed(statement: Buffer): Promise<Concluded> {
  const manifest = listing(statement);
  const payload = statementAbout(sha256(manifest));
  return check(manifest, statement, await makeBundle(own, { payload }));
}

test('accepts provenance for the image that the signed manifest lists', async () => {
  expect(await check(MANIFEST, STATEMENT)).toMatchObject({
    verified: {
      statement: { predicateType: 'https://slsa.dev/provenance/v1', provenance: { run: [{}] } },
      signer: { workflow: { repository: 'acme/app' } },
    },
  });
});

test('rejects another manifest than the signed one', async () =>
  expect(await check(Buffer.concat([MANIFEST, Buffer.from(' ')]), STATEMENT)).toMatchObject({
    rejected: { code: 'SUBJECT', finding: { rule: 'subject' } },
  }));

test('rejects a statement that the manifest does not list', async () => {
  const other = toBytes(statementAbout(DIGEST, fromBuildKit('another')));
  expect(await check(MANIFEST, other)).toMatchObject({
    rejected: { code: 'SUBJECT', finding: { rule: 'attestation' } },
  });
});

test.each<[string, Buffer, object]>([
  [
    'about another image',
    toBytes(statementAbout(OTHER, fromBuildKit())),
    { code: 'SUBJECT', finding: { rule: 'subject', found: OTHER } },
  ],
  [
    'of another type',
    toBytes(statementAbout()),
    { code: 'STATEMENT', finding: { expected: 'provenance' } },
  ],
  ['that is not a statement', Buffer.from('{}'), { code: 'STATEMENT' }],
])('rejects a statement %s', async (_, statement, rejected) => {
  expect(await signed(statement)).toMatchObject({ rejected });
});

test('rejects a manifest of more values than a manifest has', async () => {
  const listed = { digest: sha256(STATEMENT), size: 1 };
  const layers = Array.from({ length: 9_000 }, () => ({}));
  const manifest = (count: number): Buffer =>
    toBytes({ schemaVersion: 2, layers: [listed, ...layers.slice(0, count)] });
  const judge = async (bytes: Buffer): Promise<Concluded> => {
    const payload = statementAbout(sha256(bytes));
    return check(bytes, STATEMENT, await makeBundle(own, { payload }));
  };
  expect(await judge(manifest(4_000))).toHaveProperty('verified');
  expect(await judge(manifest(9_000))).toMatchObject({
    rejected: { code: 'SUBJECT', finding: { rule: 'attestation' } },
  });
});

test('rejects provenance of the manifest in place of a signature', async () => {
  const payload = statementAbout(sha256(MANIFEST), fromBuildKit());
  expect(await check(MANIFEST, STATEMENT, await makeBundle(own, { payload }))).toMatchObject({
    rejected: { code: 'STATEMENT', finding: { rule: 'type' } },
  });
});

test('rejects a bundle for the image itself as a bundle for its attestation', async () => {
  const bundle = await makeBundle(own, { payload: statementAbout(DIGEST) });
  expect(await check(MANIFEST, STATEMENT, bundle)).toMatchObject({ rejected: { code: 'SUBJECT' } });
});
