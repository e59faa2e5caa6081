// Signing steps that meet faults: each says what it has done, and a second run completes what the first did not.
import type { ActionResult } from '../../runner/run-action.ts';
import type { Image, KillStage } from '../kills/stage.ts';
import type { Cell, Lane } from './matrix.ts';
import { faultAt, requestsTo } from './requests.ts';
import { isExplained } from './said.ts';

/**
 * `ok`: signed in spite of the fault. `fails`: it says what failed and how to fix it, and a second run signs. `SILENT`: it does not say
 * that. `MISSTATES`: it says that more is stored than there is. `LOSES`: signed and not accepted, or the second run fails. `DOUBLES`:
 * listed twice.
 */
export async function openSignLane(stage: KillStage): Promise<Lane> {
  let images = 0;
  const push = (): Promise<Image> => stage.push(`fault ${++images}`);
  const first = await push();
  const requests = await requestsTo(stage.services, () => signed(stage, first));
  const expected = await stage.listed(first);
  return {
    requests,
    async cell(request, { action }, duration) {
      const image = await push();
      const target = stage.services[request.service];
      await target?.clear();
      await target?.fault(faultAt(request, action, duration));
      const disturbed = await stage.sign(image);
      await target?.mend();
      const said = disturbed.log;
      const isSigned = disturbed.exit === 0 && disturbed.outputs['signed'] === 'true';
      if (isSigned) return complete(stage, image, { expected, result: 'ok', said });
      const isSaid = isExplained(disturbed.annotations, requests, request);
      if (!isSaid || disturbed.outputs['signed'] !== 'false') return { result: 'SILENT', said };
      if (storedIn(disturbed) > sum(await stage.listed(image)))
        return { result: 'MISSTATES', said };
      const again = await stage.sign(image);
      if (again.exit !== 0) return { result: 'LOSES', said: `${said}\n${again.log}` };
      return complete(stage, image, { expected, result: 'fails', said: `${said}\n${again.log}` });
    },
    stop: () => stage.stop(),
  };
}

async function signed(stage: KillStage, image: Image): Promise<void> {
  const { exit, log } = await stage.sign(image);
  if (exit !== 0) throw new Error(`The step does not sign: ${log}`);
}

/** How many bundles the step says are stored somewhere. */
function storedIn({ outputs }: ActionResult): number {
  const images = JSON.parse(outputs['results'] || '[]') as {
    readonly bundles?: readonly { readonly stored: readonly object[] }[];
  }[];
  const bundles = images.flatMap((image) => image.bundles ?? []);
  return bundles.reduce((count, { stored }) => count + stored.length, 0);
}

function sum(listed: string): number {
  return listed.split(',').reduce((total, count) => total + Number(count), 0);
}

interface Expectation {
  readonly expected: string;
  readonly result: string;
  readonly said: string;
}

/** The result, unless readers find something else than after an undisturbed step. */
async function complete(
  stage: KillStage,
  image: Image,
  { expected, result, said }: Expectation,
): Promise<Cell> {
  if (!(await stage.accepts(image))) return { result: 'LOSES', said };
  const listed = await stage.listed(image);
  if (listed === expected) return { result };
  return { result: 'DOUBLES', said: `${listed} instead of ${expected}\n${said}` };
}
