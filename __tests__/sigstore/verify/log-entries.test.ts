// The checks of log entries, each with a bundle that fails only this check.
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import {
  type BundleJson,
  changed,
  type EntryJson,
  entryOf,
} from '../../../lab/bundles/bundle-json.ts';
import { flipped, plusOne } from '../../../lab/bundles/damage.ts';
import { type Instance, startInstance } from '../../../lab/bundles/instance.ts';
import { certifyJob, makeBundle } from '../../../lab/bundles/signing.ts';
import { check, expectRefusal, verifierFor, verifierOfMixed } from './checking.ts';

interface TrustedLog {
  baseUrl: string;
  publicKey: { validFor: { start: string; end?: string } };
}

let own: Instance;
let other: Instance;
let v1: BundleJson;
let v2: BundleJson;

beforeAll(async () => {
  [own, other] = await Promise.all([startInstance(), startInstance()]);
  [v1, v2] = await Promise.all([
    makeBundle(own, { logs: ['Rekor v1 dsse 0.0.1'] }),
    makeBundle(own),
  ]);
});
afterAll(() => Promise.all([own.stop(), other.stop()]));

describe('a log entry', () => {
  it('is required', async () =>
    expectRefusal(
      check(await makeBundle(own, { logs: [] }), own.verify),
      'TRANSPARENCY_LOG',
      /expected 1 tlog entries, got 0/,
    ));
  it('is rejected if it is in another log', async () =>
    expectRefusal(check(v2, await verifierOfMixed(own, other, 'tlogs')), 'TRANSPARENCY_LOG', /./));

  it.each<[string, (entry: EntryJson) => unknown]>([
    [
      'signed another promise',
      ({ inclusionPromise }) =>
        inclusionPromise &&
        Object.assign(inclusionPromise, {
          signedEntryTimestamp: flipped(inclusionPromise.signedEntryTimestamp),
        }),
    ],
    [
      'integrated the entry at another time',
      (entry) => (entry.integratedTime = plusOne(entry.integratedTime)),
    ],
    [
      'proves another position in the tree',
      ({ inclusionProof }) =>
        inclusionProof && (inclusionProof.logIndex = plusOne(inclusionProof.logIndex)),
    ],
    [
      'signed another checkpoint',
      ({ inclusionProof }) =>
        inclusionProof?.checkpoint &&
        (inclusionProof.checkpoint.envelope = inclusionProof.checkpoint.envelope.replace(
          /\n\d+\n/,
          '\n999\n',
        )),
    ],
  ])('is rejected if the log %s', (_, change) =>
    expectRefusal(
      check(
        changed(v1, (copy) => change(entryOf(copy))),
        own.verify,
      ),
      'TRANSPARENCY_LOG',
      /./,
    ),
  );

  it.each<[string, (log: TrustedLog) => void, RegExp]>([
    [
      'has another name than its checkpoint',
      (log) => (log.baseUrl = `http://other.example/${log.baseUrl.replace('http://', '')}`),
      /^127\.0\.0\.1$/,
    ],
    [
      'was out of use at signing, for a proof',
      ({ publicKey }) => (publicKey.validFor.end = '2024-06-01T00:00:00Z'),
      /^not in use at 20/,
    ],
  ])('is rejected if the log %s', async (_, change, found) => {
    const root = structuredClone(own.sigstore.trustedRoot) as { tlogs: TrustedLog[] };
    root.tlogs.forEach(change);
    await expectRefusal(check(v2, await verifierFor(root)), 'TRANSPARENCY_LOG', found);
  });

  it('is rejected if it is for another signature', async () => {
    const another = await makeBundle(own);
    await expectRefusal(
      check(
        changed(
          v2,
          (copy) =>
            (copy.verificationMaterial.tlogEntries = another.verificationMaterial.tlogEntries),
        ),
        own.verify,
      ),
      'TRANSPARENCY_LOG',
      /mismatch|match/i,
    );
  });

  it('is counted once if it is repeated', async () => {
    const bundle = changed(
      v2,
      ({ verificationMaterial }) =>
        void verificationMaterial.tlogEntries.push(structuredClone(entryOf(v2))),
    );
    await expectRefusal(check(bundle, own.verify), 'TRANSPARENCY_LOG', /duplicate/);
  });

  it('is rejected if it has another certificate', async () => {
    const by = await certifyJob(own);
    const recorded = await certifyJob(own, { key: by.key });
    const bundle = await makeBundle(own, { by, recorded, logs: ['Rekor v1 dsse 0.0.1'] });
    await expectRefusal(check(bundle, own.verify), 'LOG_ENTRY_KEY', /^another$/);
  });
});
