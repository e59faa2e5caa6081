// What steps write: signatures, and evidence that a gate copies to another repository.
import { randomUUID } from 'node:crypto';
import type { ActionResult } from '../../runner/run-action.ts';
import type { KillStage } from '../kills/stage.ts';
import type { Writing } from './writing-lane.ts';

type Stage = Omit<KillStage, 'stop'>;

export function signing(stage: Stage): Writing {
  return {
    place: () => stage.push(randomUUID()),
    run: (places) => stage.sign(places),
    says: ({ exit, outputs, annotations }) => {
      // A tag that cannot be written fails the step and leaves what is signed.
      const isTag =
        exit === 1 && annotations.some(({ message }) => /manifests?.(v1|latest)\b/.test(message));
      return outcome(exit, isTag ? 'false' : outputs['signed']);
    },
  };
}

/** From one signed image to repositories that hold the same image. */
export async function copying(stage: Stage): Promise<Writing> {
  const content = randomUUID();
  const source = await stage.push(content);
  const { exit, log } = await stage.sign(source);
  if (exit !== 0) throw new Error(log);
  return {
    place: () => stage.push(content),
    run: (places) =>
      stage.gate(source, {
        'retry-timeout': '1m',
        'copy-evidence-to': places.map(({ name }) => name).join('\n'),
      }),
    says: (result) => outcome(result.exit, verifiedOf(result)),
  };
}

/** A gate that has accepted the image and has not copied everything fails nevertheless. */
function verifiedOf({ exit, outputs }: ActionResult): string | undefined {
  const isAccepted = outputs['verdict'] === 'accepted';
  if (outputs['verified'] !== String(isAccepted)) return undefined;
  return String(isAccepted && exit === 0);
}

function outcome(exit: number, output: string | undefined): ReturnType<Writing['says']> {
  if (exit === 0 && output === 'true') return 'done';
  return exit === 1 && output === 'false' ? 'failed' : undefined;
}
