// One act of the demo: runs the action in a job, shows the result, and checks it.
import type { ActionResult } from '../runner/run-action.ts';
import { plainText } from './plain-text.ts';
import type { Job, Stage } from './stage.ts';

export interface Act {
  readonly headline: string;
  /** Prepares the stage and returns the inputs of the job's step. */
  readonly job: (stage: Stage) => Promise<Job>;
  /** The parts of the outcome to show. */
  readonly shows: readonly ('log' | 'summary')[];
  /** The expected facts afterwards, each in words. */
  readonly must: Readonly<Record<string, (result: ActionResult) => boolean>>;
  /** More parts of the outcome to show, in full. */
  readonly encore?: (result: ActionResult) => readonly string[];
}

/** Plays the act and returns the expectations that failed. */
export async function play(act: Act, number: number, stage: Stage): Promise<readonly string[]> {
  console.log(`\n${number}. ${act.headline}`);
  const result = await stage.run(await act.job(stage));
  const texts = { log: result.log, summary: plainText(shortened(result.summary, result)) };
  for (const what of act.shows) show(`job ${what}`, shortened(texts[what], result));
  for (const line of act.encore?.(result) ?? []) console.log(`   ${line}`);
  const claims = {
    ...act.must,
    'no secret was printed': ({ leaks }: ActionResult) => leaks.length === 0,
  };
  const broken = Object.entries(claims)
    .filter(([, holds]) => !holds(result))
    .map(([claim]) => claim);
  console.log(
    broken.length === 0
      ? `   ✓ ${Object.keys(act.must).join(', ')}`
      : `   ✗ exit status ${result.exit}\n${result.log}${result.stderr}`,
  );
  return broken;
}

function show(what: string, text: string): void {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 0)
    console.log([`   ${what}`, ...lines.map((line) => `   │ ${line}`)].join('\n'));
}

/** Shortens digests and commit ids to twelve digits, command lines to their first words. */
function shortened(text: string, { outputs }: ActionResult): string {
  const commands = (outputs['verify-commands'] ?? '')
    .split('\n')
    .filter((command) => command !== '');
  const cut = commands.reduce(
    (rest, command) => rest.replaceAll(command, `${command.split(' ').slice(0, 2).join(' ')} …`),
    text,
  );
  return cut.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28}(?:[0-9a-f]{24})?\b/g, '$1…');
}
