// Each bundle keeps its own data from the signature to the report, even if two have the same type and image.
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

import { ActionError, actionErrorsOf } from '../src/errors.ts';
import type { StorableBundle } from '../src/model/bundle.ts';
import { SIGNATURE_TYPE } from '../src/model/types.ts';
import { signatureStatement } from '../src/predicates/signature.ts';
import { sign, type SignServices } from '../src/sign.ts';
import { openStatementSigner } from '../src/sigstore/sign/statement-signer.ts';
import { trustFromFile } from '../src/sigstore/trust/trust-file.ts';
import { byKeys } from '../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../src/sigstore/verify/verifier.ts';
import type { Store } from '../src/stores/store.ts';
import { pinnedSubjects } from '../src/subjects/pinned.ts';
import { ownKeyOf } from '../src/wiring/key-signing.ts';
import {
  instance,
  isBundle,
  other,
  repository,
  request,
  servicesWith,
  signing,
  storeOf,
} from './sign-services.ts';

test('keeps file, log entry and places of two bundles of one type and image apart', async () => {
  const stores = [storeOf('registry'), storeOf('github')] as const;
  const { bundles } = await sign(request, servicesWith(stores));
  expect(bundles.map(({ signed }) => signed.predicateType)).toEqual([
    SIGNATURE_TYPE,
    SIGNATURE_TYPE,
  ]);
  for (const { signed, verified, file, stored } of bundles) {
    expect(await readFile(file)).toEqual(signed.json);
    const { verificationMaterial } = JSON.parse(signed.json.toString()) as {
      verificationMaterial: { tlogEntries: [{ logIndex: string }] };
    };
    expect(verified.logEntries.map(({ index }) => index)).toEqual([
      verificationMaterial.tlogEntries[0].logIndex,
    ]);
    expect(stored.map(({ place }) => place)).toEqual([
      `registry ${signed.id}`,
      `github ${signed.id}`,
    ]);
  }
  expect(new Set(bundles.map(({ file }) => file)).size).toBe(2);
});

test.each([
  ['that returns a failure', (): Promise<never> => Promise.reject(full)],
  [
    'that throws',
    (): never => {
      throw full;
    },
  ],
])('a store %s does not affect the others', async (_, store) => {
  const broken: Store = {
    name: 'github',
    takes: isBundle,
    prepare: () => Promise.resolve({ takes: isBundle, places: [], store }),
  };
  const report = await sign(request, servicesWith([broken, storeOf('registry')]));
  expect(report.failures).toEqual([full]);
  expect(report.bundles.map(({ stored }) => stored.length)).toEqual([1, 1]);
});

test('signs sixteen of many statements at once, so that a log gets no more', async () => {
  const services = servicesWith([storeOf('registry')]);
  let [open, most] = [0, 0];
  const { bundles } = await sign(request, {
    ...services,
    resolve: () => Promise.resolve(many),
    async identify() {
      const party = await services.identify();
      return {
        ...party,
        async openSigner() {
          const signer = await party.openSigner();
          return {
            ...signer,
            async sign(...about) {
              most = Math.max(most, ++open);
              return signer.sign(...about).finally(() => {
                open--;
              });
            },
          };
        },
      };
    },
  });
  expect([bundles.length, most]).toEqual([20, 16]);
});

test('stores no bundle that its own verifier rejects', async () => {
  const taken: StorableBundle[] = [];
  const services = servicesWith([storeOf('registry', taken)], other);
  const thrown: unknown = await sign(request, services).catch((error: unknown) => error);
  expect(actionErrorsOf(thrown).map(({ code }) => code)).toEqual(['BUNDLE_SELF_CHECK']);
  expect(taken).toEqual([]);
});

test('stores the other bundles if one fails its own verification', async () => {
  const taken: StorableBundle[] = [];
  const opinions = [conclusive(other.verify), conclusive(instance.verify)];
  const services: SignServices = {
    ...servicesWith([storeOf('registry', taken)]),
    loadVerifier: () =>
      Promise.resolve((found, digest) => (opinions.shift() ?? instance.verify)(found, digest)),
  };
  const { bundles, failures, bundlePath } = await sign(request, services);
  expect(failures.map(({ code }) => code)).toEqual(['BUNDLE_SELF_CHECK']);
  expect(bundles.map(({ signed }) => signed)).toEqual(taken.map(({ signed }) => signed));
  expect(await readFile(bundlePath, 'utf8')).toBe(`${taken[0]?.signed.json.toString() ?? ''}\n`);
});

test('stores no bundle without each of its subjects', async () => {
  const taken: StorableBundle[] = [];
  const [first] = pinnedSubjects(request.images);
  const unnamed = { repository, digest: `sha256:${'0'.repeat(64)}` } as const;
  const thrown: unknown = await sign(request, {
    ...servicesWith([storeOf('registry', taken)]),
    resolve: () => Promise.resolve([[first, unnamed]]),
    statementOf: () => (_, token) => signatureStatement({})([first], token),
  }).catch((error: unknown) => error);
  expect(actionErrorsOf(thrown)).toMatchObject([
    { code: 'BUNDLE_SELF_CHECK', message: expect.stringContaining(unnamed.digest) },
  ]);
  expect(taken).toEqual([]);
});

test('stores no key signature without a trusted log entry or timestamp', async () => {
  const taken: StorableBundle[] = [];
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const key = await ownKeyOf({ location: { kind: 'pem', text } });
  if (!key) throw new TypeError('no key');
  const witnesses = await trustFromFile(other.trust.trustedRoot, 'with keys');
  const services: SignServices = {
    ...servicesWith([storeOf('registry', taken)]),
    identify: () =>
      Promise.resolve({
        instance: 'custom',
        claims: undefined,
        own: { key: key.trusted.fingerprint },
        services: [],
        openSigner: () => openStatementSigner({ ...signing, key: key.pair }),
      }),
    loadVerifier: () =>
      Promise.resolve(conclusive(createVerifier(byKeys([key.trusted], witnesses)))),
  };
  const thrown: unknown = await sign(request, services).catch((error: unknown) => error);
  expect(actionErrorsOf(thrown).map(({ code }) => code)).toEqual(['BUNDLE_SELF_CHECK']);
  expect(taken).toEqual([]);
});

const subjects = pinnedSubjects(request.images);
const many: readonly [typeof subjects, ...(typeof subjects)[]] = [
  subjects,
  ...Array.from({ length: 9 }, () => subjects),
];
const full = new ActionError('service', 'SERVICE_REFUSED', { message: 'full', remedy: 'r' });
