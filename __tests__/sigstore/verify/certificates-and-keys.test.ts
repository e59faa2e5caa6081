// The verifier supports certificates and keys together: it returns what each bundle is, and the policy decides who accepts it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { parsePublicKeys } from '../../../src/keys/public-key.ts';
import type { TrustedKey } from '../../../src/keys/trusted-key.ts';
import { exactly } from '../../../src/model/matcher.ts';
import type {
  Authority,
  KeyAuthority,
  KeylessAuthority,
  Roots,
} from '../../../src/model/policy.ts';
import type { Concluded } from '../../../src/model/verdict.ts';
import { opinionOf } from '../../../src/policy/authority.ts';
import { trustedTogether } from '../../../src/sigstore/trust/several-trusts.ts';
import type { TrustStore } from '../../../src/sigstore/trust/trust.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import type { Trusted } from '../../../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { isProblem } from '../../../src/text/parsed.ts';
import { type BundleJson, changed } from '../../../lab/bundles/bundle-json.ts';
import { type Instance, ISSUER, startInstance } from '../../../lab/bundles/instance.ts';
import { holderOf, newKind, pemOf } from '../../../lab/bundles/keys.ts';
import { makeBundle } from '../../../lab/bundles/signing.ts';
import { DIGEST, statementAbout } from '../../../lab/bundles/statement.ts';

const REPOSITORY = 'https://github.com/acme/app';
const [vendor, stranger] = [holderOf(newKind()), holderOf(newKind())];

let own: Instance;
let other: Instance;
let stores: { readonly own: TrustStore; readonly other: TrustStore };
let key: TrustedKey;
let certified: BundleJson;
let elsewhere: BundleJson;
let byKey: BundleJson;

beforeAll(async () => {
  [own, other] = await Promise.all([startInstance(), startInstance()]);
  const read = async ({ trust }: Instance): Promise<TrustStore> => trustFromFile(trust.trustedRoot);
  stores = { own: await read(own), other: await read(other) };
  key = keyIn(pemOf(vendor));
  certified = await makeBundle(own);
  elsewhere = await makeBundle(other);
  byKey = await makeBundle(own, { by: vendor });
}, 60_000);
afterAll(() => Promise.all([own.stop(), other.stop()]));

function keyIn(pem: string): TrustedKey {
  const keys = parsePublicKeys(pem, 'vendor.pub');
  if (isProblem(keys)) throw new Error(keys.problem);
  return keys.value[0];
}

function check(bundle: object, trusted: Trusted): Promise<Concluded> {
  const json = Buffer.from(JSON.stringify(bundle));
  const found = { source: 'registry', place: 'here', json } as const;
  return conclusive(createVerifier(trusted))(found, DIGEST);
}

function rootsOf({ trust }: Instance): Roots {
  return { kind: 'file', path: trust.trustedRoot };
}

function keyless(instance: Instance): KeylessAuthority {
  const rules = [{ name: 'repository', matcher: exactly(REPOSITORY) }] as const;
  const identities = [{ issuer: exactly(ISSUER), rules }] as const;
  return { kind: 'keyless', identities, circumstances: [], roots: rootsOf(instance) };
}

function keyed(instance: Instance): KeyAuthority {
  const keys = [{ key: key.fingerprint, from: key.from }] as const;
  return { kind: 'key', keys, witness: 'required', roots: rootsOf(instance) };
}

function careless(): KeyAuthority {
  const keys = [{ key: key.fingerprint, from: key.from }] as const;
  return { kind: 'key', keys, witness: 'insecure-ignored', roots: rootsOf(other) };
}

/** The rule that the authority rejects it by. */
async function ruleOf(bundle: object, trusted: Trusted, authority: Authority): Promise<string> {
  const checked = await check(bundle, trusted);
  if ('rejected' in checked) return checked.rejected.code;
  const opinion = opinionOf(authority, checked.verified);
  return 'acceptance' in opinion ? 'accepted' : opinion.findings[0].rule;
}

function everything(): Trusted {
  const both = trustedTogether([stores.own, stores.other]);
  return { certificates: both, keys: [key], witnesses: both };
}

/** A bundle without a log entry or timestamp. */
function unseen(): BundleJson {
  return changed(byKey, ({ verificationMaterial }) => {
    verificationMaterial.tlogEntries = [];
    delete verificationMaterial.timestampVerificationData;
  });
}

describe('bundles with certificates and with keys', () => {
  test('are accepted only by their own authority: a certificate', async () => {
    expect(await ruleOf(certified, everything(), keyless(own))).toBe('accepted');
    expect(await ruleOf(certified, everything(), keyed(own))).toBe('key');
    expect(await ruleOf(certified, everything(), careless())).toBe('key');
  });

  test('are accepted only by their own authority: a key', async () => {
    expect(await ruleOf(byKey, everything(), keyed(own))).toBe('accepted');
    expect(await ruleOf(byKey, everything(), keyless(own))).toBe('certificate');
  });

  test('are rejected if the key is unknown, even next to a trusted instance', async () => {
    const foreign = await makeBundle(own, { by: stranger });
    expect(await ruleOf(foreign, everything(), keyed(own))).toBe('SIGNATURE');
  });
});

describe('an unknown kind of signer', () => {
  test('is rejected: certificates, if only keys are known', async () => {
    const trusted = { ...everything(), certificates: undefined };
    expect(await ruleOf(certified, trusted, keyless(own))).toBe('KEY');
  });

  test('is rejected: keys, if only certificates are known', async () => {
    const trusted = { ...everything(), keys: [] };
    expect(await ruleOf(byKey, trusted, keyed(own))).toBe('KEY');
  });
});

describe('the trusted roots of another instance', () => {
  test('do not make an authority accept a certificate', async () => {
    expect(await ruleOf(certified, everything(), keyless(other))).toBe('trusted-root');
    expect(await ruleOf(elsewhere, everything(), keyless(other))).toBe('accepted');
    expect(await ruleOf(elsewhere, everything(), keyless(own))).toBe('trusted-root');
  });

  test('do not make an authority accept the log entry of a key signature', async () =>
    expect(await ruleOf(byKey, everything(), keyed(other))).toBe('trusted-root'));

  test('are listed with a bundle that several of them confirm', async () => {
    const again: TrustStore = {
      issuersOf: async (certificate) => {
        const { known } = await stores.own.issuersOf(certificate);
        return { known: known.map((trust) => ({ ...trust, roots: 'again' })) };
      },
      all: async () => (await stores.own.all()).map((trust) => ({ ...trust, roots: 'again' })),
    };
    const certificates = trustedTogether([stores.other, stores.own, again]);
    expect(await check(certified, { ...everything(), certificates })).toMatchObject({
      verified: { roots: [own.trust.trustedRoot, 'again'] },
    });
  });
});

describe('a key signature without a log entry or timestamp', () => {
  test('verifies and is marked as unwitnessed', async () => {
    expect(await check(unseen(), everything())).toMatchObject({
      verified: {
        signer: { key: key.fingerprint },
        times: [],
        logEntries: [],
        unwitnessed: { code: 'TRANSPARENCY_LOG', finding: { rule: 'log entry or timestamp' } },
      },
    });
  });

  test('is accepted only if log entry and timestamp are not required', async () => {
    expect(await ruleOf(unseen(), everything(), careless())).toBe('accepted');
    expect(await ruleOf(unseen(), everything(), keyed(own))).toBe('log entry or timestamp');
  });

  test('has the same result as one with untrusted log entries', async () => {
    const trusted = { ...everything(), witnesses: stores.other };
    const checked = await check(byKey, trusted);
    expect(checked).toMatchObject({ verified: { unwitnessed: expect.anything() } });
    expect(await ruleOf(byKey, trusted, careless())).toBe('accepted');
    expect(await ruleOf(byKey, trusted, keyed(own))).not.toBe('accepted');
  });

  test('is rejected for another image', async () => {
    const foreign = await makeBundle(own, {
      by: vendor,
      payload: statementAbout(`sha256:${'cd'.repeat(32)}`),
    });
    expect(await ruleOf(foreign, everything(), careless())).toBe('SUBJECT');
  });
});
