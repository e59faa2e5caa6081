// Steps that meet a fault at one of their requests, once for all durations of the fault that make no difference to the step.
import type { ActionResult } from '../../runner/run-action.ts';
import type { Struck } from '../kills/kill.ts';
import type { Meeting } from './matrix.ts';
import { faultAt, type Later, laterThan } from './requests.ts';

/** Runs the step while the fault is there. */
export type Disturb = (step: () => Promise<ActionResult>) => Promise<ActionResult>;

interface Met<T> {
  readonly meeting: Meeting;
  readonly later: Later;
  readonly outcome: T;
}

/** One outcome for each meeting, in order; a run that would be the same, request by request, is not repeated. The fault ends with the step. */
export async function meetAll<T>(
  services: Readonly<Record<string, Struck>>,
  meetings: readonly Meeting[],
  run: (meeting: Meeting, disturb: Disturb) => Promise<T>,
): Promise<readonly T[]> {
  const met: Met<T>[] = [];
  for (const meeting of meetings) {
    const last = met.at(-1);
    if (last && isSame(last, meeting)) {
      met.push(last);
      continue;
    }
    let later: Later = { alike: Infinity, others: Infinity };
    const outcome = await run(meeting, async (step) => {
      const target = services[meeting.request.service];
      if (!target) throw new Error(`There is no ${meeting.request.service}`);
      await target.clear();
      await target.fault(faultAt(meeting.request, meeting.fault.action, meeting.duration));
      const result = await step();
      await target.mend();
      later = laterThan(meeting.request, await target.requests());
      return result;
    });
    met.push({ meeting, later, outcome });
  }
  return met.map(({ outcome }) => outcome);
}

function isSame(
  { meeting: last, later }: Met<unknown>,
  { request, fault, duration }: Meeting,
): boolean {
  if (last.request !== request || last.fault !== fault) return false;
  const isLasting = last.duration === 'for ever' || later.alike === 0;
  return isLasting && (duration === 'for ever' || later.others === 0);
}
