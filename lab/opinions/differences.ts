// The known differences from other verifiers; docs/verification.md has a row for each `what`, in this order.
import type { KnownDifference } from './differences/difference.ts';
import { looser } from './differences/looser.ts';
import { stricter } from './differences/stricter.ts';

export const knownDifferences: readonly KnownDifference[] = [...looser, ...stricter];
