// The result of one check of one peer.
import type { Available } from '../tools/build.ts';

export interface Check {
  /** Its position in the report: a table, a row and a column, and its place in that cell. */
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
}

/** `impossible`: the peer does not support this check. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'impossible';

/** The result of a check if a tool that it needs is missing; undefined if it is available. */
export function unavailable(
  tool: Available | undefined,
): Pick<Check, 'outcome' | 'detail'> | undefined {
  if (!tool || 'path' in tool) return undefined;
  if ('broken' in tool) return { outcome: 'failed', detail: tool.broken };
  return {
    outcome: process.env['CI'] ? 'failed' : 'skipped',
    detail: `${tool.without} is not installed`,
  };
}
