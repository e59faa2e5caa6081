// `npm run bench`: prints the tables of docs/performance.md. Ratios and counts can be compared between machines, times cannot.
import { measureCandidates } from './candidates.ts';
import { measureOneBundle } from './one-bundle.ts';
import { table } from './table.ts';

for (const measure of [measureOneBundle, measureCandidates])
  console.log(`${table(await measure())}\n`);
