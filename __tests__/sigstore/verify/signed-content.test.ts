// The checks of envelopes and statements, each with a bundle that fails only this check.
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import {
  type BundleJson,
  changed,
  envelopeOf,
  withPayload,
} from '../../../lab/bundles/bundle-json.ts';
import type { Payload } from '../../../lab/bundles/envelope.ts';
import { type Instance, startInstance } from '../../../lab/bundles/instance.ts';
import { makeBundle } from '../../../lab/bundles/signing.ts';
import { statementAbout } from '../../../lab/bundles/statement.ts';
import { check, expectRefusal } from './checking.ts';

let own: Instance;
let v1: BundleJson;
let v2: BundleJson;

beforeAll(async () => {
  own = await startInstance();
  v1 = await makeBundle(own, { logs: ['Rekor v1 dsse 0.0.1'] });
  v2 = await makeBundle(own);
});
afterAll(() => own.stop());

describe('an envelope', () => {
  it('is rejected with another payload than the signed one', async () => {
    const other = `sha256:${'cd'.repeat(32)}` as const;
    const bundle = withPayload(v2, statementAbout(other));
    await expectRefusal(check(bundle, own.verify, other), 'TRANSPARENCY_LOG', /./);
  });

  it('is rejected with another type than the signed one', async () => {
    const bundle = changed(v1, (copy) => (envelopeOf(copy).payloadType = 'application/json'));
    await expectRefusal(check(bundle, own.verify), 'SIGNATURE', /./);
  });

  it('is rejected with another kind of content', async () =>
    expectRefusal(
      check(await makeBundle(own, { payloadType: 'application/json' }), own.verify),
      'PAYLOAD_TYPE',
      /^application\/json$/,
    ));

  it('is rejected with two signatures', async () => {
    const bundle = changed(v2, (copy) => {
      const { signatures } = envelopeOf(copy);
      signatures.push(...signatures);
    });
    await expectRefusal(check(bundle, own.verify), 'BUNDLE_MALFORMED', /./);
  });
});

describe('a statement', () => {
  it.each<[string, Payload, RegExp]>([
    ['is not JSON', 'hello', /it is not JSON/],
    ['has another type', { ...statementAbout(), _type: 'https://example.com/Statement' }, /_type/],
    ['has no subject', { ...statementAbout(), subject: [] }, /subject/],
    ['has no predicate type', { ...statementAbout(), predicateType: '' }, /predicateType/],
  ])('is rejected if it %s', async (_, payload, found) =>
    expectRefusal(check(await makeBundle(own, { payload }), own.verify), 'STATEMENT', found),
  );

  it.each<[string, Payload]>([
    ['is about another digest', statementAbout(`sha256:${'cd'.repeat(32)}`)],
    [
      'has the digest under another algorithm',
      { ...statementAbout(), subject: [{ name: 'app', digest: { sha512: 'ab'.repeat(32) } }] },
    ],
    [
      'has only the start of the digest',
      { ...statementAbout(), subject: [{ name: 'app', digest: { sha256: 'ab'.repeat(31) } }] },
    ],
  ])('is rejected if it %s', async (_, payload) =>
    expectRefusal(check(await makeBundle(own, { payload }), own.verify), 'SUBJECT', /sha256:/),
  );
});
