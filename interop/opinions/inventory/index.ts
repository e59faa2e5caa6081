// All questions, and the collections that are not here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Question } from '../question.ts';
import { conformanceCases } from './conformance.ts';
import { bundlesInFiles } from './in-files.ts';
import { bundlesInLayers } from './layers.ts';
import { ownVectors } from './own.ts';
import { bundleUnderAKey } from './under-a-key.ts';

const VECTORS = process.env['COUNTERSIGN_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors');

export interface Inventory {
  readonly questions: readonly Question[];
  /** Why the vectors of others are not among them. */
  readonly withoutOthers?: string;
}

export async function readInventory(folder: string): Promise<Inventory> {
  const own = await ownVectors(join(folder, 'own'));
  if (!existsSync(join(VECTORS, 'INDEX.md'))) return { questions: own, withoutOthers: 'COUNTERSIGN_VECTORS names no folder of vectors' };
  const layers = await bundlesInLayers(VECTORS, join(folder, 'layers'));
  return { questions: [...conformanceCases(VECTORS), ...bundlesInFiles(VECTORS), await bundleUnderAKey(VECTORS, folder), ...layers, ...own] };
}
