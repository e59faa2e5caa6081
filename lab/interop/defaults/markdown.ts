// Cases and verdicts as the table of docs/defaults.md.
import type { Case, JudgeName } from './case.ts';

export type VerdictOf = (one: Case, judge: JudgeName) => string;

export function renderCases(cases: readonly Case[], verdictOf: VerdictOf): string {
  const rows = cases.map((one) => [
    one.signed,
    inputsOf(one),
    verdictOf(one, 'ours'),
    verdictOf(one, 'gh'),
    verdictOf(one, 'cosign'),
    one.because,
  ]);
  const header = ['signed by', 'inputs', 'Countersign', 'gh', 'cosign', 'reason'];
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function inputsOf({ inputs }: Case): string {
  const lines = Object.entries(inputs).map(
    ([name, value]) => `\`${name}: ${value.replaceAll('\n', ', ')}\``,
  );
  return lines.join('<br>') || 'none';
}
