// The result of one question to one peer.
import type { Available } from '../tools/build.ts';

export interface Check {
  /** Where it stands in the report: a table, a row and a column of it, and its place in that cell. */
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
}

/** `impossible` is no result: the peer cannot be asked this. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'impossible';

/** What a check comes to when a tool that it needs is not there; undefined when it is. */
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
