// Tests with data of other projects, skipped by name if COUNTERSIGN_VECTORS does not name its folder.
import { describe } from '@jest/globals';
import { areOthersHere } from './of-others.ts';

export function describeOthers(name: string, tests: () => void): void {
  (areOthersHere ? describe : describe.skip)(`${name} (COUNTERSIGN_VECTORS)`, tests);
}
