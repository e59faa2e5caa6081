// The services of a signing step on embedded ones, with stores that a test gives it; they end with the test file that imports this.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll } from '@jest/globals';

import { bundleFiles } from '../src/action/files.ts';
import type { StorableBundle, StoredBundle, StoreName } from '../src/model/bundle.ts';
import { WITH_IMAGE } from '../src/model/evidence-place.ts';
import type { SignRequest } from '../src/model/request.ts';
import { parseToken, type TokenClaims } from '../src/model/token.ts';
import { signatureStatement } from '../src/predicates/signature.ts';
import type { SignServices } from '../src/sign.ts';
import { openStatementSigner } from '../src/sigstore/sign/statement-signer.ts';
import { conclusive } from '../src/sigstore/verify/verifier.ts';
import type { Store } from '../src/stores/store.ts';
import { pinnedSubjects } from '../src/subjects/pinned.ts';
import type { Tagger } from '../src/tagging/tagger.ts';
import { isProblem } from '../src/text/parsed.ts';
import { startInstance } from '../lab/bundles/instance.ts';
import { DIGEST } from '../lab/bundles/statement.ts';
import { transportWith } from './registry/connect.ts';

export const [instance, other] = await Promise.all([startInstance(), startInstance()]);
const { sigstore, oidc } = instance;
const token = await oidc.token('sigstore');
const claims = claimsIn(token);
const temp = await mkdtemp(path.join(tmpdir(), 'temp-'));
export const repository = { registry: 'ghcr.io', path: 'acme/app' };

afterAll(() => Promise.all([instance.stop(), other.stop()]));

function claimsIn(text: string): TokenClaims {
  const parsed = parseToken(text);
  if (isProblem(parsed)) throw new Error(parsed.problem);
  return parsed.value;
}

/** Two statements of one type about one image: the same claim, created twice. */
export const request: SignRequest = {
  mode: 'sign',
  images: [{ text: `ghcr.io/acme/app@${DIGEST}`, repository, digest: DIGEST }],
  reach: 'manifest',
  stores: ['registry'],
  claims: [{ kind: 'signature', annotations: {} }, { kind: 'provenance' }],
  instance: { kind: 'public-good' },
  ifSigned: 'skip',
  run: 'real',
  tags: [],
  evidencePlace: WITH_IMAGE,
  retryTimeout: 0,
  thisRepository: 'acme/app',
  summary: 'leave',
};

export const signing = {
  services: {
    fulcio: sigstore.fulcio,
    logs: [{ url: sigstore.rekorV1, version: 1 }],
    timestampAuthorities: [sigstore.tsa],
  },
  logIds: () => Promise.resolve([]),
  transport: transportWith(0),
} as const;

export function servicesWith(stores: SignServices['stores'], verifiedBy = instance): SignServices {
  return {
    resolve: () => Promise.resolve([pinnedSubjects(request.images)]),
    stores,
    statementOf: () => signatureStatement({}),
    identify: () =>
      Promise.resolve({
        instance: 'custom',
        claims,
        own: { san: '', issuer: '', sourceDigest: '', event: '' },
        services: [],
        openSigner: () =>
          openStatementSigner({ holder: { token, subject: claims.sub }, ...signing }),
      }),
    lookBack: () => Promise.resolve([]),
    assertRoom: () => Promise.resolve(),
    loadVerifier: () => Promise.resolve(conclusive(verifiedBy.verify)),
    ...bundleFiles(temp),
    onMade: () => undefined,
    tagger: NO_TAGS,
  };
}

const NO_TAGS: Tagger = {
  prepare: () =>
    Promise.resolve({ planned: [], write: () => Promise.resolve({ tagged: [], failures: [] }) }),
};

function storedIn(store: StoreName, { signed }: StorableBundle): StoredBundle {
  return { id: signed.id, store, subjects: signed.subjects, place: `${store} ${signed.id}` };
}

export const isBundle: Store['takes'] = (_predicateType, format) => format === 'bundle';

/** A store that returns its results in another order. */
export function storeOf(name: StoreName, taken: StorableBundle[] = []): Store {
  return {
    name,
    takes: isBundle,
    prepare: () =>
      Promise.resolve({
        takes: isBundle,
        places: [],
        store(bundles) {
          taken.push(...bundles);
          const stored = bundles.map((bundle) => storedIn(name, bundle)).reverse();
          return Promise.resolve({ stored, failures: [] });
        },
      }),
  };
}
