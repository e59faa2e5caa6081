// `npm run fuzz -- [mutations] [seed]`: changed bundles for the verifier, and a tenth as many changed responses for the sources; fails if one is accepted or reported as a bug.
import '../runner/scratch.ts';
import { fuzzAnswers } from './answers.ts';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';

const [mutations = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const samples = await readCorpus();

let started = performance.now();
const { refused, harmless, fooled } = await fuzz(samples, { mutations, seed });
console.log(
  `${mutations} mutations of ${samples.length} bundles, seed ${seed}, ${seconds()} s: ${refused} refused, ${harmless} accepted with the same facts, ${fooled.length} accepted with other facts`,
);
for (const { sample, number, bundle } of fooled.slice(0, 10))
  console.log(`${sample}, number ${number}: ${bundle}`);

started = performance.now();
const answers = await fuzzAnswers(samples, { mutations: Math.ceil(mutations / 10), seed });
console.log(
  `${answers.mutations} mutations of lists, manifests, layers and answers of GitHub, seed ${seed}, ${seconds()} s: ${answers.found} bundles found, ${answers.verified} of them hold, ${answers.defects.length} defects`,
);
for (const defect of answers.defects.slice(0, 10)) console.log(defect.slice(0, 1000));

process.exitCode = fooled.length + answers.defects.length === 0 ? 0 : 1;

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
