// Who is let in: the cases in which gates surprise people, among ordinary ones.
import { builds } from './builds.ts';
import type { Case } from './case.ts';
import { names } from './names.ts';

export const cases: readonly Case[] = [...builds, ...names];
