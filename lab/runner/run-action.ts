// Runs the action as a child process like the GitHub runner, and returns all of its results.
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { readInputDefaults } from './action-metadata.ts';
import { readCommandFile } from './command-file.ts';
import { type Ended, execute, type Program } from './execute.ts';
import { jobEnvironment } from './job-environment.ts';
import { executeAt } from './launcher.ts';
import { type Annotation, readJobLog } from './workflow-commands.ts';

export interface ActionRun {
  readonly entry: 'src' | 'dist';
  /** The file to run in place of the entry's, such as a bundle of the sources. */
  readonly script?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Replaces variables of the emulated job; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Payload of the event. */
  readonly event?: object;
  readonly cwd?: string;
  /** The value of `${{ github.token }}`. */
  readonly token?: string;
  /** Values that the runner masks from the start, in addition to the tokens. */
  readonly secrets?: readonly string[];
  /** Directory that holds action.yml, src and dist. */
  readonly action?: string;
  readonly timeout?: number;
  /** Sends this signal to the process when it is fulfilled. */
  readonly kill?: Promise<NodeJS.Signals>;
}

export interface ActionResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The log as a user sees it: commands rendered, secrets as ***. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
  /** Masked values that the action printed, or put into the summary or an output. */
  readonly leaks: readonly string[];
  /** RUNNER_TEMP of the run; it stays in the system's temporary directory, because outputs may point there. */
  readonly temp: string;
  readonly milliseconds: number;
}

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const entries = { src: 'src/index.ts', dist: 'dist/index.js' };

export async function runAction(run: ActionRun): Promise<ActionResult> {
  const { token = 'ghs_emulatedInstallationToken00000000000', action = PROJECT } = run;
  const directory = await mkdtemp(path.join(tmpdir(), 'job-'));
  const workspace = run.cwd ?? path.join(directory, 'workspace');
  await mkdir(workspace, { recursive: true });
  const job = await jobEnvironment(directory, workspace, run.event);
  const inputs = await collectInputs(action, run.inputs ?? {}, token);
  const env = definedOnly({ ...job, GITHUB_ACTION_PATH: action, ...inputs, ...run.env });

  const started = performance.now();
  const program: Program = {
    script: run.script ?? path.join(action, entries[run.entry]),
    cwd: workspace,
    env,
    timeout: run.timeout ?? 110_000,
  };
  const { exit, stdout, stderr } = await start(program, run.kill);
  const milliseconds = Math.round(performance.now() - started);

  const outputs = readCommandFile(await readFile(job.GITHUB_OUTPUT, 'utf8'));
  const summary = await readFile(job.GITHUB_STEP_SUMMARY, 'utf8');
  const secrets = [token, env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '', ...(run.secrets ?? [])];
  const { annotations, masks, printed, visible } = readJobLog(stdout, secrets);
  const exposed = [printed, stderr, summary, ...Object.values(outputs)].join('\n');
  const leaks = masks.filter((mask) => exposed.includes(mask));
  return {
    exit,
    stdout,
    stderr,
    log: visible,
    outputs,
    summary,
    annotations,
    masks,
    leaks,
    temp: job.RUNNER_TEMP,
    milliseconds,
  };
}

async function collectInputs(
  action: string,
  given: Readonly<Record<string, string>>,
  token: string,
): Promise<Record<string, string>> {
  const defaults = await readInputDefaults(path.join(action, 'action.yml'), {
    'github.token': token,
  });
  const unknown = Object.keys(given).filter((name) => !defaults.has(name));
  if (unknown.length > 0) throw new Error(`action.yml does not declare ${unknown.join(', ')}`);
  const all = { ...Object.fromEntries(defaults), ...given };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

function start(program: Program, kill?: Promise<NodeJS.Signals>): Promise<Ended> {
  const launcher = process.env['COUNTERSIGN_LAUNCHER'];
  return launcher === undefined
    ? execute(program, kill)
    : executeAt(Number(launcher), program, kill);
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
