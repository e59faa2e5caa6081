// `npm run bench -- [start-up | beside | one-bundle | der-writer | candidates | signing | network [rows] | round-trips [rows]]`: prints the tables of docs/performance.md. Ratios and counts can be compared between machines, times cannot.
import '../runner/scratch.ts';
import { measureBeside } from './beside.ts';
import { measureCandidates } from './candidates.ts';
import { measureDerWriter } from './der-writer.ts';
import { measureNetwork } from './network.ts';
import { measureOneBundle } from './one-bundle.ts';
import { measureRoundTrips } from './round-trips.ts';
import { measureSigning } from './signing.ts';
import { measureStartUp } from './start-up.ts';
import { table } from './table.ts';

const MEASURES = {
  'start-up': measureStartUp,
  beside: measureBeside,
  'one-bundle': measureOneBundle,
  'der-writer': measureDerWriter,
  candidates: measureCandidates,
  signing: measureSigning,
  network: measureNetwork,
  'round-trips': measureRoundTrips,
};

const [chosen, only] = process.argv.slice(2);
for (const [name, measure] of Object.entries(MEASURES))
  if (chosen === undefined || chosen === name) console.log(`${table(await measure(only))}\n`);
