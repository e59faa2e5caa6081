// Bundles that production systems and other projects have made: read where they are, and never copied.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that COUNTERSIGN_VECTORS names. */
export const othersVectors =
  process.env['COUNTERSIGN_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors');
export const areOthersHere = existsSync(join(othersVectors, 'INDEX.md'));
