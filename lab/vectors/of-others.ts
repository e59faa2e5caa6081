// Bundles that production systems and other projects created: read from COUNTERSIGN_VECTORS, and never copied.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Empty if the variable is not set. */
export const othersVectors = process.env['COUNTERSIGN_VECTORS'] ?? '';
export const areOthersHere = othersVectors !== '';

if (areOthersHere && !existsSync(join(othersVectors, 'INDEX.md')))
  throw new Error(
    `Cannot read the vectors of others: COUNTERSIGN_VECTORS is "${othersVectors}", which has no INDEX.md\nTo fix: name their folder, or remove the variable`,
  );
