// Verified bundles with the facts that a test needs, for code after the verifier.
import type { UnwitnessedBundle, VerifiedBundle, WitnessedBundle } from '../../src/model/bundle.ts';
import type { Claims, KeyHolder } from '../../src/model/identity.ts';
import { exactly } from '../../src/model/matcher.ts';
import { mapEach, type NonEmpty } from '../../src/model/non-empty.ts';
import {
  type Authority,
  type KeylessAuthority,
  nameOfRoots,
  type Policy,
  type Roots,
} from '../../src/model/policy.ts';
import { NAMED_TYPES, SIGNATURE_TYPE } from '../../src/model/types.ts';
import { parseWorkflow } from '../../src/model/workflow.ts';
import type { Checked, Failure } from '../../src/model/verdict.ts';
import type { Rejection } from '../../src/model/rejection.ts';

export const DIGEST = `sha256:${'ab'.repeat(32)}` as const;
export const ISSUER = 'https://token.actions.githubusercontent.com';
export const REPOSITORY = 'https://github.com/acme/app';
export const SAN = `${REPOSITORY}/.github/workflows/release.yml@refs/heads/main`;
export const ROOTS: Roots = { kind: 'tuf' };
export const SUBJECT = {
  repository: { registry: 'ghcr.io', path: 'acme/app' },
  digest: DIGEST,
} as const;

export interface Facts {
  readonly san?: string;
  readonly issuer?: string;
  readonly claims?: Claims;
  readonly predicateType?: string;
  readonly place?: string;
  readonly source?: WitnessedBundle['found']['source'];
  readonly log?: string;
  readonly index?: string;
  /** Instead of a certificate. */
  readonly key?: KeyHolder;
  readonly roots?: WitnessedBundle['roots'];
}

const CLAIMS: Claims = {
  sourceRepositoryUri: REPOSITORY,
  sourceRepositoryOwnerUri: 'https://github.com/acme',
  sourceRepositoryRef: 'refs/heads/main',
  sourceRepositoryDigest: '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60',
  runInvocationUri: `${REPOSITORY}/actions/runs/4242/attempts/1`,
  buildTrigger: 'push',
};

export function verifiedBundle(facts: Facts = {}): WitnessedBundle {
  const {
    san = SAN,
    issuer = ISSUER,
    claims = CLAIMS,
    predicateType = SIGNATURE_TYPE,
    place = 'ghcr.io/acme/app@sha256:1234',
    source = 'registry',
    log,
    index = '123',
    key,
    roots = [nameOfRoots(ROOTS)],
  } = facts;
  const workflow = parseWorkflow(san);
  const evidence: Omit<WitnessedBundle, keyof VerifiedBundle & symbol> = {
    found: { source, place },
    statement: { predicateType },
    signer: key ?? { san, ...(workflow ? { workflow } : {}), issuer, claims },
    roots,
    times: [{ time: new Date('2026-01-02T03:04:05Z'), source: 'timestamp-authority' }],
    logEntries: [
      log === undefined
        ? {
            log: 'https://rekor.sigstore.dev',
            index,
            link: `https://search.sigstore.dev/?logIndex=${index}`,
          }
        : { log, index },
    ],
  };
  return evidence as Extract<Verified, { readonly roots: unknown }>;
}

/** Signed with a key, without a log entry or timestamp. */
export function unwitnessedBundle(signer: KeyHolder): UnwitnessedBundle {
  const { found, statement } = verifiedBundle();
  const evidence: Omit<UnwitnessedBundle, keyof VerifiedBundle & symbol> = {
    found,
    statement,
    signer,
    unwitnessed: { ...rejection('neither'), code: 'TRANSPARENCY_LOG' },
    times: [],
    logEntries: [],
  };
  return evidence as Extract<Verified, { readonly unwitnessed: unknown }>;
}

type Verified = Extract<Checked, { readonly verified: unknown }>['verified'];

export function rejection(found = 'another', place = 'ghcr.io/acme/app@sha256:5678'): Rejection {
  return {
    found: { source: 'registry', place },
    code: 'SIGNATURE',
    finding: { rule: 'signature', expected: 'made by the key', found },
  };
}

export const UNREAD: Failure = {
  kind: 'service',
  code: 'SERVICE_UNREACHABLE',
  message: 'Cannot reach "ghcr.io"',
  remedy: 'run the job again',
};

/** A certificate of the repository. */
export const KEYLESS: KeylessAuthority = {
  kind: 'keyless',
  identities: [
    { issuer: exactly(ISSUER), rules: [{ name: 'repository', matcher: exactly(REPOSITORY) }] },
  ],
  circumstances: [],
  roots: ROOTS,
};

/** For every image; each of these types is required of any of the authorities; names as users write them. */
export function policyOf(
  require: NonEmpty<string> = ['signature'],
  anyOf: NonEmpty<Authority> = [KEYLESS],
): Policy {
  return {
    name: 'inputs',
    origin: 'inputs',
    images: { kind: 'prefix', prefix: '' },
    mode: 'enforce',
    alternatives: [
      {
        kind: 'evidence',
        name: 'inputs',
        requirements: mapEach(require, (name) => ({
          name,
          predicateTypes: NAMED_TYPES[name] ?? [name],
          conditions: [],
          anyOf,
        })),
      },
    ],
  };
}
