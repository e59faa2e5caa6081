// The gate for one image: decides as early as possible, loads another trusted root last, and stops at the deadline.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { ActionError } from '../src/errors.ts';
import { type GateServices, judge, judgeSubject } from '../src/gate.ts';
import type { Reference } from '../src/model/reference.ts';
import type { ImageVerdict } from '../src/model/verdict.ts';
import { trustFromTuf } from '../src/sigstore/trust/trust-tuf.ts';
import { byCertificates } from '../src/sigstore/verify/trusted.ts';
import { createVerifier } from '../src/sigstore/verify/verifier.ts';
import type { Discovery } from '../src/sources/source.ts';
import { KEYLESS, policyOf } from '../lab/bundles/evidence.ts';
import { toBytes } from '../lab/bundles/bundle-json.ts';
import { type Instance, startInstance } from '../lab/bundles/instance.ts';
import { makeBundle } from '../lab/bundles/signing.ts';
import { DIGEST } from '../lab/bundles/statement.ts';

const repository = { registry: 'ghcr.io', path: 'acme/app' };
const reference: Reference = { text: 'ghcr.io/acme/app:v1', repository, tag: 'v1' };
const late = new ActionError('service', 'LIMIT_EXCEEDED', { message: 'late', remedy: 'r' });
const unreachable = new ActionError('service', 'SERVICE_TRUST', {
  message: 'no root',
  remedy: 'r',
});

let own: Instance;
/** A self-made authority with GitHub's name. */
let namesake: Instance;
let good: Discovery;
let claimed: Discovery;
let asked = 0;

beforeAll(async () => {
  [own, namesake] = await Promise.all([
    startInstance(),
    startInstance({ organization: 'GitHub, Inc.', visibility: 'private' }),
  ]);
  [good, claimed] = await Promise.all([bundleOf(own), bundleOf(namesake)]);
});
beforeEach(() => {
  asked = 0;
});
afterAll(() => Promise.all([own.stop(), namesake.stop()]));

async function bundleOf(instance: Instance): Promise<Discovery> {
  const json = toBytes(await makeBundle(instance));
  return { found: { source: 'registry', place: instance === own ? 'own' : 'namesake', json } };
}

type Github = () => Promise<string>;

async function gate(
  streams: readonly AsyncIterable<Discovery>[],
  github?: Github,
  deadline?: AbortSignal,
): Promise<ImageVerdict> {
  const [verdict] = await judge(reference, [policyOf()], servicesFor(streams, github, deadline));
  return verdict;
}

/** `github` returns the root of GitHub's instance. */
function servicesFor(
  streams: readonly AsyncIterable<Discovery>[],
  github: Github = () => Promise.reject(unreachable),
  deadline = new AbortController().signal,
): GateServices {
  const trust = trustFromTuf({
    publicGood: () => Promise.resolve(JSON.stringify(own.sigstore.trustedRoot)),
    github() {
      asked++;
      return github();
    },
  });
  const verifyOne = createVerifier(byCertificates(trust));
  return {
    resolve: () =>
      Promise.resolve({ subject: { repository, digest: DIGEST }, confirmed: Promise.resolve() }),
    partsOf: () => Promise.resolve([]),
    again: () => Promise.resolve(false),
    sources: [{ name: 'registry', find: () => merge(streams) }],
    loadVerifier: () => Promise.resolve(verifyOne),
    deadline,
    outOfTime: () => late,
  };
}

async function* merge(streams: readonly AsyncIterable<Discovery>[]): AsyncGenerator<Discovery> {
  for (const stream of streams) yield* stream;
}

async function* after(
  wait: number,
  ...discoveries: readonly Discovery[]
): AsyncGenerator<Discovery> {
  await sleep(wait);
  yield* discoveries;
}

/** The deadline passes while no read is in progress. */
async function* endedBy(
  stop: AbortController,
  discoveries: AsyncIterable<Discovery>,
): AsyncGenerator<Discovery> {
  try {
    yield* discoveries;
  } finally {
    stop.abort();
  }
}

describe('the root of another instance', () => {
  test('is not loaded if other evidence decides', async () => {
    const { verdict } = await gate([after(0, claimed, claimed, good)]);
    expect([verdict.outcome, asked]).toEqual(['accepted', 0]);
  });

  test('is loaded once, after everything else, and bundles that it does not verify are rejected', async () => {
    const root = JSON.stringify({ ...own.sigstore.trustedRoot, tlogs: [] });
    const { verdict } = await gate([after(0, claimed, claimed)], () => Promise.resolve(root));
    expect([verdict.outcome, verdict.rejections.length, asked]).toEqual(['rejected', 2, 1]);
  });

  test('is loaded if nothing else arrives for a while', async () => {
    const root = JSON.stringify({ ...namesake.sigstore.trustedRoot });
    const silent = new Promise<never>(() => undefined);
    const hanging = { [Symbol.asyncIterator]: () => ({ next: () => silent }) };
    const { verdict } = await gate([after(0, claimed), hanging], () => Promise.resolve(root));
    expect([verdict.outcome, asked]).toEqual(['accepted', 1]);
  });

  test('leaves the verdict inconclusive if it cannot be fetched', async () => {
    const { verdict } = await gate([after(0, claimed, claimed, claimed)]);
    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      failures: [{ message: 'no root' }, {}, {}],
    });
    expect(asked).toBe(1);
  });
});

test('verifies a known manifest by digest without resolving its name', async () => {
  const resolve = (): never => {
    throw new Error('resolved');
  };
  const services = { ...servicesFor([after(0, claimed, good)]), resolve };
  const verdict = await judgeSubject({ repository, digest: DIGEST }, [policyOf()], services);
  expect(verdict).toMatchObject({
    outcome: 'accepted',
    evidence: [{ acceptances: [{ authority: KEYLESS, bundle: { found: { place: 'own' } } }] }],
  });
});

test('reads until every policy is met', async () => {
  const stricter = { ...KEYLESS, roots: { kind: 'file', path: '/other.json' } } as const;
  const policies = [policyOf(), policyOf(['signature'], [stricter])] as const;
  const services = servicesFor([after(0, good, good)]);
  const verdict = await judgeSubject({ repository, digest: DIGEST }, policies, services);
  expect(verdict).toMatchObject({
    outcome: 'rejected',
    unmet: ['signature'],
    unacceptable: [{ findings: [{ rule: 'trusted-root' }] }, {}],
  });
});

describe('the gate', () => {
  const keptFrom = async (
    policies: Parameters<typeof judgeSubject>[1],
    discoveries: readonly Discovery[],
    github?: Github,
  ): Promise<readonly string[]> => {
    const kept: string[] = [];
    await judgeSubject({ repository, digest: DIGEST }, policies, {
      ...servicesFor([after(0, ...discoveries)], github),
      keepEvidence: (_bundle, { place }) => void kept.push(place),
    });
    return kept;
  };

  test('keeps the bytes of a bundle that a requirement accepts, with any trusted root', async () => {
    expect(await keptFrom([policyOf()], [good])).toEqual(['own']);
    const root = JSON.stringify(namesake.sigstore.trustedRoot);
    expect(await keptFrom([policyOf()], [claimed], () => Promise.resolve(root))).toEqual([
      'namesake',
    ]);
  });

  test('keeps no bytes of a bundle that no requirement of the image accepts', async () => {
    const stricter = { ...KEYLESS, roots: { kind: 'file', path: '/other.json' } } as const;
    expect(await keptFrom([policyOf(['signature'], [stricter])], [good])).toEqual([]);
    const elsewhere = { ...policyOf(), images: { kind: 'prefix', prefix: 'quay.io/' } } as const;
    const both = [elsewhere, policyOf(['provenance'])] as const;
    expect(await keptFrom(both, [good])).toEqual([]);
  });
});

describe('the deadline', () => {
  test('ends the verification and is reported', async () => {
    const { verdict } = await gate([after(0, good)], undefined, AbortSignal.abort());
    expect(verdict).toMatchObject({ outcome: 'inconclusive', failures: [{ message: 'late' }] });
  });

  test('reports the place that did not answer', async () => {
    const looked: Discovery = { looked: { place: 'a place', answer: 'could not be read' } };
    const failure = { kind: 'service', code: 'LIMIT_EXCEEDED', message: 'none', remedy: 'wait' };
    const discoveries = after(0, looked, { failure });
    const { verdict } = await gate([discoveries], undefined, AbortSignal.abort());
    expect(verdict).toMatchObject({ outcome: 'inconclusive', failures: [{ message: 'none' }] });
  });

  test('does not affect what was accepted before', async () => {
    const stop = new AbortController();
    const { verdict } = await gate([endedBy(stop, after(0, good))], undefined, stop.signal);
    expect(verdict.outcome).toBe('accepted');
  });
});

test('a problem with a place is reported before problems with each of many candidates', async () => {
  const failure = (message: string, remedy: string): Discovery => ({
    failure: { kind: 'service', code: 'SERVICE_ANSWER', message, remedy },
  });
  const many = Array.from({ length: 5 }, () => failure('candidate', 'again'));
  const { verdict } = await gate([after(0, ...many, failure('place', 'otherwise'))]);
  expect('failures' in verdict && verdict.failures[0]).toMatchObject({ message: 'place' });
});
