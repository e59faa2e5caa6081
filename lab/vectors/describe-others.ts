// Tests of other projects' data: skipped by name where it is absent, and a failure where CI runs.
import { describe, expect, it } from '@jest/globals';
import { areOthersHere } from './of-others.ts';

export function describeOthers(name: string, tests: () => void): void {
  it(`has the vectors of others for ${name} wherever CI runs`, () => {
    expect(areOthersHere || !process.env['CI']).toBe(true);
  });
  (areOthersHere ? describe : describe.skip)(`${name} (COUNTERSIGN_VECTORS)`, tests);
}
