// Gates that meet faults: a fault may make the verdict inconclusive, and never another one.
import type { ActionResult } from '../../runner/run-action.ts';
import type { KillStage } from '../kills/stage.ts';
import type { GateCase } from './gate-cases.ts';
import type { Cell, Lane } from './matrix.ts';
import { meetAll } from './meet.ts';
import { requestsTo } from './requests.ts';
import { isExplained } from './said.ts';

/**
 * `ok`: the verdict is the one without the fault. `inconclusive`: so it is, with what failed and a remedy. `SILENT`: without one of
 * these. `WRONG`: the verdict is another one, or exit status and outputs do not agree with it.
 */
export async function openGateLane(
  { is, inputs, requests: selection }: GateCase,
  stage: Omit<KillStage, 'stop'>,
): Promise<Lane> {
  const image = await stage.push('of the gate');
  if (is === 'signed') {
    const { exit, log } = await stage.sign(image);
    if (exit !== 0) throw new Error(log);
  }
  const gate = (): Promise<ActionResult> => stage.gate(image, { 'retry-timeout': '1m', ...inputs });
  const undisturbed = await gate();
  const requests = await requestsTo(stage.services, gate, selection);
  return {
    requests,
    cells: (meetings) =>
      meetAll(stage.services, meetings, async ({ request }, disturb) => {
        const disturbed = await disturb(gate);
        return judged(
          disturbed,
          undisturbed,
          isExplained(disturbed.annotations, requests, request),
        );
      }),
  };
}

function judged(disturbed: ActionResult, undisturbed: ActionResult, isSaid: boolean): Cell {
  const said = disturbed.log;
  const verdict = disturbed.outputs['verdict'];
  const isAccepted = verdict === 'accepted';
  const isConsistent =
    disturbed.exit === (isAccepted ? 0 : 1) && disturbed.outputs['verified'] === String(isAccepted);
  if (!isConsistent) return { result: 'WRONG', said };
  if (verdict === undisturbed.outputs['verdict']) return { result: 'ok' };
  if (verdict !== 'inconclusive') return { result: 'WRONG', said };
  return isSaid ? { result: verdict } : { result: 'SILENT', said };
}
