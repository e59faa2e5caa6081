// `npm run bench`: prints the tables of docs/performance.md. Ratios and counts can be compared between machines, times cannot.
import { measureBeside } from './beside.ts';
import { measureCandidates } from './candidates.ts';
import { measureDerWriter } from './der-writer.ts';
import { measureOneBundle } from './one-bundle.ts';
import { measureSigning } from './signing.ts';
import { measureStartUp } from './start-up.ts';
import { table } from './table.ts';

const MEASURES = [
  measureStartUp,
  measureBeside,
  measureOneBundle,
  measureDerWriter,
  measureCandidates,
  measureSigning,
];

for (const measure of MEASURES) console.log(`${table(await measure())}\n`);
