// The cases of accepted signers: those with surprising results, among ordinary ones.
import { builds } from './builds.ts';
import type { Case } from './case.ts';
import { names } from './names.ts';

export const cases: readonly Case[] = [...builds, ...names];
