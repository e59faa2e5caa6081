// Several sets of trusted roots as one: each is asked separately, and unavailable roots leave the result open.
import type { X509Certificate } from '@sigstore/core';
import { expect, test } from '@jest/globals';

import { ActionError } from '../../../src/errors.ts';
import { Refusal } from '../../../src/sigstore/refusal.ts';
import { trustedTogether } from '../../../src/sigstore/trust/several-trusts.ts';
import type { Issuers, Trust, TrustStore } from '../../../src/sigstore/trust/trust.ts';

/** Never read. */
const certificate = Object.create(null) as X509Certificate;
const refusal = new Refusal('CERTIFICATE', 'visibility', 'private', 'public');
const unreachable = new ActionError('service', 'SERVICE_TRUST', {
  message: 'no root',
  remedy: 'r',
});

function trust(roots: string): Trust {
  return { roots } as Trust;
}

function store(answer: () => Promise<Issuers>, ...all: readonly Trust[]): TrustStore {
  return { issuersOf: answer, all: () => Promise.resolve(all) };
}

const knows = (roots: string): TrustStore =>
  store(() => Promise.resolve({ known: [trust(roots)] }), trust(roots));
const postpones = (roots: string): TrustStore =>
  store(() => Promise.resolve({ known: [], other: () => Promise.resolve([trust(roots)]) }));
const knowsNobody = store(() => Promise.resolve({ known: [] }));
const refuses = store(() => Promise.reject(refusal));
const fails = store(() => Promise.reject(unreachable));

test('returns a single set unchanged', () => {
  const only = knows('a');
  expect(trustedTogether([only])).toBe(only);
});

test('returns the authorities of all sets', async () => {
  const together = trustedTogether([knows('a'), knowsNobody, knows('b')]);
  expect(await together.issuersOf(certificate)).toEqual({ known: [trust('a'), trust('b')] });
  expect(await together.all()).toEqual([trust('a'), trust('b')]);
});

test('postpones requests to other sets and then sends all of them', async () => {
  const together = trustedTogether([postpones('a'), knows('b'), postpones('c')]);
  const { known, other } = await together.issuersOf(certificate);
  expect(known).toEqual([trust('b')]);
  expect(await other?.()).toEqual([trust('a'), trust('c')]);
});

test('reports the rejection of one set only if no other set knows the certificate', async () => {
  const better = trustedTogether([refuses, knows('a')]);
  expect(await better.issuersOf(certificate)).toEqual({ known: [trust('a')] });
  const later = trustedTogether([refuses, postpones('a')]);
  expect(await later.issuersOf(certificate)).toHaveProperty('other');
  const nobody = trustedTogether([refuses, knowsNobody]);
  await expect(nobody.issuersOf(certificate)).rejects.toBe(refusal);
});

test('fails if the roots of one set cannot be fetched, even if others are available', async () => {
  const together = trustedTogether([knows('a'), fails]);
  await expect(together.issuersOf(certificate)).rejects.toBe(unreachable);
});
