// `npm run fuzz -- [mutations] [seed]`: says how many changed bundles were refused, and fails when one was believed.
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';

const [mutations = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const samples = await readCorpus();
const started = performance.now();
const { refused, harmless, fooled } = await fuzz(samples, { mutations, seed });
console.log(
  `${mutations} mutations of ${samples.length} bundles, seed ${seed}, ${((performance.now() - started) / 1000).toFixed(1)} s: ${refused} refused, ${harmless} accepted with the same facts, ${fooled.length} accepted with other facts`,
);
for (const { sample, number, bundle } of fooled.slice(0, 10))
  console.log(`${sample}, number ${number}: ${bundle}`);
process.exitCode = fooled.length === 0 ? 0 : 1;
