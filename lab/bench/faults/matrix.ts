// A matrix of cells, one for each request and fault, filled by several stages side by side.
import { sideBySide } from '../../../src/concurrency/side-by-side.ts';
import { table } from '../table.ts';
import type { FaultKind } from './kinds.ts';
import { type Duration, nameOf, type Request } from './requests.ts';

export interface Cell {
  /** In lower case where the step did what it must, in capitals where that is a defect. */
  readonly result: string;
  /** What the step said, where that is a defect. */
  readonly said?: string;
}

export interface Lane {
  readonly requests: readonly Request[];
  readonly cell: (request: Request, fault: FaultKind, duration: Duration) => Promise<Cell>;
  readonly stop: () => Promise<unknown>;
}

export interface Extent {
  readonly faults: readonly FaultKind[];
  readonly durations: readonly Duration[];
  readonly lanes: number;
}

/** A table in Markdown, and the defects in words. A cell has a result for each duration, or the one that all have. */
export async function matrixOf(
  name: string,
  openLane: () => Promise<Lane>,
  { faults, durations, lanes }: Extent,
): Promise<{ readonly text: string; readonly defects: readonly string[] }> {
  const open = await Promise.all(Array.from({ length: lanes }, openLane));
  const [{ requests } = { requests: [] }] = open;
  const free = [...open];
  const defects: string[] = [];
  try {
    const todo = requests.flatMap((request) => faults.map((fault) => ({ request, fault })));
    const cells = await sideBySide(todo, lanes, async ({ request, fault }) => {
      const lane = free.pop();
      if (!lane) throw new Error('There are more cells than lanes');
      const results: string[] = [];
      for (const duration of durations) {
        const { result, said } = await lane.cell(request, fault, duration);
        results.push(result);
        if (said !== undefined)
          defects.push(
            `${name}, ${nameOf(request)}, ${fault.name} ${duration}: ${result}: ${said}`,
          );
      }
      free.push(lane);
      return new Set(results).size === 1 ? (results[0] ?? '') : results.join(' / ');
    });
    const width = faults.length;
    const rows = requests.map((request, index) => [
      nameOf(request),
      ...cells.slice(index * width, (index + 1) * width),
    ]);
    const header = [`${name}: ${durations.join(' / ')}`, ...faults.map((fault) => fault.name)];
    return { text: table([header, ...rows]), defects };
  } finally {
    await Promise.all(open.map((lane) => lane.stop()));
  }
}
