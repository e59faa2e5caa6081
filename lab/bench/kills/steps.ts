// Steps that a signal stops, and what is wrong with what they then say and leave behind.
import type { ActionResult } from '../../runner/run-action.ts';
import type { KillCase } from './cases.ts';
import type { Run } from './kill.ts';
import type { Image, KillStage } from './stage.ts';

/** The runner sends the first two when it cancels a step, and the third when that does not help. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
export type Signal = (typeof SIGNALS)[number];

/**
 * `SILENT`: it does not say that it was cancelled and what it may have left. `LOSES`: the step that runs again fails, or a gate does
 * not accept what it has signed. `DOUBLES`: listed twice.
 */
export interface Defect {
  readonly kind: 'SILENT' | 'LOSES' | 'DOUBLES';
  readonly detail: string;
}

/** For one image. */
export interface Step {
  readonly run: Run;
  /** Looks at what a stopped run said, and runs the step again. */
  readonly defectAfter: (stopped: ActionResult, signal: Signal) => Promise<Defect | undefined>;
}

/** Exit status by signal: POSIX. */
const EXITS: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 };

export type OpenStep = () => Promise<Step>;

/** Each time another image. */
export async function signing(stage: KillStage): Promise<OpenStep> {
  let images = 0;
  const push = (): Promise<Image> => stage.push(`stopped ${++images}`);
  const first = await push();
  await stage.sign(first);
  const expected = await stage.listed(first);
  return async () => {
    const image = await push();
    return {
      run: (kill) => stage.sign(image, kill),
      async defectAfter(stopped, signal) {
        if (!isSaid(stopped, signal, 'signed') || !(await isTrue(stopped, signal, stage)))
          return { kind: 'SILENT', detail: stopped.log };
        const { exit, outputs, log } = await stage.sign(image);
        const isSigned = exit === 0 && outputs['signed'] === 'true';
        if (!isSigned || !(await stage.accepts(image))) return { kind: 'LOSES', detail: log };
        const listed = await stage.listed(image);
        if (listed === expected) return undefined;
        return { kind: 'DOUBLES', detail: `${listed} instead of ${expected}` };
      },
    };
  };
}

/** Each time the same image, which it leaves as it is. */
export async function gating(stage: KillStage, { inputs }: KillCase): Promise<OpenStep> {
  const image = await stage.push('of the gate');
  await stage.sign(image);
  const require = inputs['stores'] === 'github' ? 'provenance' : 'signature';
  const step: Step = {
    run: (kill) => stage.gate(image, { require }, kill),
    async defectAfter(stopped, signal) {
      if (!isSaid(stopped, signal, 'verified')) return { kind: 'SILENT', detail: stopped.log };
      const { exit, log } = await stage.gate(image, { require });
      return exit === 0 ? undefined : { kind: 'LOSES', detail: log };
    },
  };
  return () => Promise.resolve(step);
}

function isSaid(
  { exit, outputs, annotations }: ActionResult,
  signal: Signal,
  output: 'signed' | 'verified',
): boolean {
  if (exit !== EXITS[signal] || outputs[output] !== 'false') return false;
  // A process that is killed says nothing any more.
  if (signal === 'SIGKILL') return true;
  const [first, ...others] = annotations;
  const isAlone = first !== undefined && others.length === 0;
  return isAlone && /^Cannot finish .* was cancelled .*\nTo fix: /.test(first.message);
}

/** Nothing was signed where it says so. */
async function isTrue(
  { annotations }: ActionResult,
  signal: Signal,
  { services }: KillStage,
): Promise<boolean> {
  if (signal === 'SIGKILL') return true;
  const asked = await services['sigstore']?.requests();
  return asked?.length === 0 || !annotations[0]?.message.includes('before anything was signed');
}
