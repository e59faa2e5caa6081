// Tests of other projects' data, skipped by name where COUNTERSIGN_VECTORS does not say where it is.
import { describe } from '@jest/globals';
import { areOthersHere } from './of-others.ts';

export function describeOthers(name: string, tests: () => void): void {
  (areOthersHere ? describe : describe.skip)(`${name} (COUNTERSIGN_VECTORS)`, tests);
}
