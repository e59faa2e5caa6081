// All questions, and the collections that are not available.
import { join } from 'node:path';

import { areOthersHere, othersVectors } from '../../vectors/of-others.ts';
import type { Question } from '../question.ts';
import { conformanceCases } from './conformance.ts';
import { bundlesInFiles } from './in-files.ts';
import { bundlesInLayers } from './layers.ts';
import { ownVectors } from './own.ts';
import { bundleUnderAKey } from './under-a-key.ts';

export interface Inventory {
  readonly questions: readonly Question[];
  /** Why the vectors of other projects are not included. */
  readonly withoutOthers?: string;
}

export async function readInventory(folder: string): Promise<Inventory> {
  const own = await ownVectors(join(folder, 'own'));
  if (!areOthersHere) return { questions: own, withoutOthers: 'COUNTERSIGN_VECTORS is not set' };
  const layers = await bundlesInLayers(othersVectors, join(folder, 'layers'));
  return {
    questions: [
      ...conformanceCases(othersVectors),
      ...bundlesInFiles(othersVectors),
      await bundleUnderAKey(othersVectors, folder),
      ...layers,
      ...own,
    ],
  };
}
