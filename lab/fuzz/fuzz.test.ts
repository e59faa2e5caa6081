// A short run of the fuzzer, and a check that it detects a verifier that accepts everything.
import { expect, test } from '@jest/globals';
import { fuzzAnswers } from './answers.ts';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { verifiedBundle } from '../bundles/evidence.ts';

const samples = await readCorpus();

test('accepts no changed bundle', async () => {
  const { mutations, refused, harmless, fooled } = await fuzz(samples, {
    mutations: 100,
    seed: 20_260_601,
  });
  expect(fooled).toEqual([]);
  expect(refused + harmless).toBe(mutations);
  expect(refused).toBeGreaterThan(mutations / 2);
});

test('accepts no changed list, manifest, layer or GitHub response and reports none as a bug', async () => {
  const { found, verified, defects } = await fuzzAnswers(samples, { mutations: 30, seed: 1 });
  expect(defects).toEqual([]);
  expect(verified).toBeGreaterThan(0);
  expect(found).toBeGreaterThan(verified);
});

test('detects a verifier that reads the envelope without verifying it', async () => {
  const credulous = samples.slice(0, 1).map((sample) => ({
    ...sample,
    verify: ({ json }: { readonly json: Buffer }) => {
      const base = verifiedBundle();
      return Promise.resolve({
        verified: { ...base, statement: { ...base.statement, predicateType: json.toString() } },
      });
    },
  }));
  expect((await fuzz(credulous, { mutations: 100, seed: 1 })).fooled).not.toEqual([]);
});
