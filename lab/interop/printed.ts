// Runs what a signing step prints, unchanged: its commands with cosign, and its policy with the tester of policy-controller and with Countersign.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { type Inputs, runCountersign } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import type { Answer } from '../peers/readers/reader.ts';
import { jobOf } from '../peers/signer.ts';
import type { Stack } from '../stack/stack.ts';
import { lastLines, run } from '../tools/command.ts';
import type { Toolbox } from '../tools/build.ts';
import { admit } from './admission.ts';

type Outcome = Pick<Check, 'outcome' | 'detail'>;

interface Signing {
  readonly name: string;
  readonly log: 'rekorV1' | 'rekorV2';
  readonly by: 'workflow' | 'P-256' | 'P-384' | 'P-521';
  readonly inputs: Inputs;
  /** Why there is no policy for policy-controller. */
  readonly withoutPolicy?: string;
}

interface Printed {
  readonly image: Image;
  readonly commands: readonly string[];
  readonly policy: string;
}

const legacy = { 'signature-format': 'legacy' };
const signings: readonly Signing[] = [
  { name: 'workflow, Rekor v2', log: 'rekorV2', by: 'workflow', inputs: {} },
  { name: 'workflow, Rekor v1', log: 'rekorV1', by: 'workflow', inputs: {} },
  { name: "workflow, cosign v2's format", log: 'rekorV1', by: 'workflow', inputs: legacy },
  ...(['P-256', 'P-384', 'P-521'] as const).map((by) => ({
    name: `${by} key, Rekor v2`,
    log: 'rekorV2' as const,
    by,
    inputs: {},
    withoutPolicy: 'it reads no bundles of keys',
  })),
  { name: "P-256 key, cosign v2's format", log: 'rekorV1', by: 'P-256', inputs: legacy },
];

export async function judgePrinted(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const signing of signings) checks.push(...(await judge(signing, stack, toolbox)));
  return checks;
}

async function judge(signing: Signing, stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const check = (row: string, name: string, outcome: Outcome): Check => ({
    table: 'Printed by a signing step, and run as printed',
    row,
    column: signing.name,
    name,
    ...outcome,
  });
  const missing = unavailable(toolbox['cosign-v3']) ?? unavailable(toolbox['policy-tester']);
  if (missing) return [check('verify-commands', 'as expected', missing)];
  try {
    const [printed, other] = [
      await sign(signing, stack, 'release'),
      await sign(signing, stack, 'build'),
    ];
    const unsigned = await pushImage(stack, stack.registries[0]);
    const own = await runAll(printed, printed.image, stack);
    const none = await runAll(printed, unsigned, stack);
    const commands = [
      check('verify-commands', 'as expected', acceptedBy(own)),
      check('verify-commands', 'unsigned', refusedBy(none)),
    ];
    return [...commands, ...(await judgePolicy(signing, { printed, other }, stack, check))];
  } catch (error) {
    return [check('verify-commands', 'as expected', { outcome: 'failed', detail: String(error) })];
  }
}

async function judgePolicy(
  { withoutPolicy }: Signing,
  { printed, other }: { readonly printed: Printed; readonly other: Printed },
  stack: Stack,
  check: (row: string, name: string, outcome: Outcome) => Check,
): Promise<readonly Check[]> {
  const row = 'cluster-image-policy';
  if (withoutPolicy !== undefined) {
    const detail = printed.policy === '' ? withoutPolicy : `there is one: ${printed.policy}`;
    const outcome = printed.policy === '' ? 'impossible' : 'failed';
    return [check(row, 'as expected', { outcome, detail })];
  }
  return [
    check(row, 'as expected', acceptedBy(await admitted(printed.policy, printed.image, stack))),
    check(row, 'another signer', refusedBy(await admitted(printed.policy, other.image, stack))),
  ];
}

/** Each workflow, and each key, is another signer. */
async function sign(
  { log, by, inputs }: Signing,
  stack: Stack,
  workflow: 'release' | 'build',
): Promise<Printed> {
  const image = await pushImage(stack, stack.registries[0]);
  const signer = {
    ...expectedSigner(stack),
    workflow: `acme/app/.github/workflows/${workflow}.yml`,
  };
  const given = {
    mode: 'sign',
    images: image.reference,
    attestations: 'provenance',
    sigstore: stack.trust.signingConfigs[log],
    'trusted-root': stack.trust.trustedRoot,
    ...(by === 'workflow' ? {} : { key: privateKeyOf(by) }),
    ...inputs,
  };
  return runCountersign(given, jobOf(signer), ({ exit, log: jobLog, outputs, stderr }) => {
    if (exit !== 0) throw new Error(`Countersign did not sign: ${jobLog}${stderr}`);
    const commands = (outputs['verify-commands'] ?? '').split('\n').filter((line) => line !== '');
    if (commands.length !== 2) throw new Error(`Not two commands: ${commands.join('\n')}`);
    const policy = outputs['cluster-image-policy'] ?? '';
    return Promise.resolve({ image, commands, policy });
  });
}

function privateKeyOf(namedCurve: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** With cosign under its own name; for `image` instead of the signed one. */
async function runAll(
  { commands, image: signed }: Printed,
  image: Image,
  stack: Stack,
): Promise<readonly Answer[]> {
  const folder = await mkdtemp(join(stack.folder, 'path-'));
  await symlink(stack.tool('cosign-v3'), join(folder, 'cosign'));
  const env = { ...stack.env, PATH: [folder, stack.env['PATH']].join(delimiter) };
  const answers: Answer[] = [];
  for (const command of commands) {
    const line = command.replaceAll(signed.digest, image.digest);
    const { exit, stdout, stderr } = await run('sh', ['-c', line], { env });
    answers.push({ accepted: exit === 0, message: `${line}\n${lastLines(stdout + stderr)}` });
  }
  return answers;
}

/** By policy-controller and by Countersign. */
async function admitted(policy: string, image: Image, stack: Stack): Promise<readonly Answer[]> {
  const { theirs, ours } = await admit(policy, image, stack);
  return [theirs, ours];
}

function acceptedBy(answers: readonly Answer[]): Outcome {
  const refusal = answers.find(({ accepted }) => !accepted);
  return refusal
    ? { outcome: 'failed', detail: `refuses it: ${refusal.message}` }
    : { outcome: 'passed', detail: '' };
}

function refusedBy(answers: readonly Answer[]): Outcome {
  const acceptance = answers.find(({ accepted }) => accepted);
  return acceptance
    ? { outcome: 'failed', detail: `accepts it: ${acceptance.message}` }
    : { outcome: 'passed', detail: '' };
}
