// A matrix of cells, one for each request, fault and duration, filled in several worlds side by side.
import { sideBySide } from '../../../src/concurrency/side-by-side.ts';
import type { FaultKind } from './kinds.ts';
import { type Duration, nameOf, type Request } from './requests.ts';

export interface Cell {
  /** In lower case where the step did what it must, in capitals where that is a defect. */
  readonly result: string;
  /** What the step said, where that is a defect. */
  readonly said?: string;
}

export interface Meeting {
  readonly request: Request;
  readonly fault: FaultKind;
  readonly duration: Duration;
}

export interface Lane {
  readonly requests: readonly Request[];
  /** One for each meeting, in order. */
  readonly cells: (meetings: readonly Meeting[]) => Promise<readonly Cell[]>;
}

export interface Extent {
  readonly faults: readonly FaultKind[];
  readonly durations: readonly Duration[];
}

export interface FilledCell extends Meeting, Cell {}

export interface Matrix {
  readonly name: string;
  readonly requests: readonly Request[];
  readonly cells: readonly FilledCell[];
}

export async function fillMatrix(
  name: string,
  lanes: readonly Lane[],
  { faults, durations }: Extent,
): Promise<Matrix> {
  const [{ requests } = { requests: [] }] = lanes;
  const free = [...lanes];
  const parts = requests.flatMap((request) =>
    inGroups(faults).map((some) =>
      some.flatMap((fault) => durations.map((duration) => ({ request, fault, duration }))),
    ),
  );
  const filled = await sideBySide(parts, lanes.length, async (meetings) => {
    const lane = free.pop();
    if (!lane) throw new Error('There are more parts than lanes');
    const cells = await lane.cells(meetings);
    free.push(lane);
    return meetings.map((meeting, index) => ({ ...meeting, ...(cells[index] ?? LOST) }));
  });
  return { name, requests, cells: filled.flat() };
}

/** What several runs need afterwards is done for all of a group at once. */
const GROUP = 4;

function inGroups(faults: readonly FaultKind[]): readonly (readonly FaultKind[])[] {
  const [some, others] = [faults.slice(0, GROUP), faults.slice(GROUP)];
  return others.length === 0 ? [some] : [some, ...inGroups(others)];
}

const LOST: Cell = { result: 'LOST', said: 'The lane has no result' };

/** In words. */
export function defectsOf({ name, cells }: Matrix): readonly string[] {
  return cells
    .filter(({ said }) => said !== undefined)
    .map(
      ({ request, fault, duration, result, said }) =>
        `${name}, ${nameOf(request)}, ${fault.name} ${duration}: ${result}: ${said ?? ''}`,
    );
}
