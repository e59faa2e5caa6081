// The tools that are compared, each with the settings that it needs for every run.
import { runCountersign } from '../../peers/countersign.ts';
import type { Image } from '../../peers/image.ts';
import { ask } from '../../peers/readers/answer.ts';
import type { Answer } from '../../peers/readers/reader.ts';
import { idOf } from '../../peers/signer.ts';
import type { Stack } from '../../stack/stack.ts';
import type { ToolName } from '../../tools/tools.ts';
import type { Asked, Case, JudgeName, NotAskable } from './case.ts';

export interface Judge {
  readonly name: JudgeName;
  readonly title: string;
  readonly tool?: ToolName;
  readonly ask: (one: Case, image: Image, stack: Stack) => Promise<Answer>;
}

export const judges: readonly Judge[] = [
  { name: 'ours', title: 'Countersign', ask: askCountersign },
  { name: 'gh', title: 'gh', tool: 'gh', ask: askGh },
  { name: 'cosign', title: 'cosign v3', tool: 'cosign-v3', ask: askCosign },
];

/** In a job of acme/app. */
function askCountersign({ inputs }: Case, image: Image, stack: Stack): Promise<Answer> {
  const common = {
    mode: 'verify',
    images: image.reference,
    'certificate-oidc-issuer': stack.issuer.url,
    'trusted-root': stack.trust.trustedRoot,
  };
  const job = {
    GITHUB_API_URL: stack.emptyGitHub.url,
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_REPOSITORY_ID: idOf('acme/app'),
    GITHUB_REPOSITORY_OWNER_ID: idOf('acme'),
  };
  // The emulated runner accepts only declared inputs; the real one passes the others in the same way.
  const { repositories, ...declared } = inputs;
  const undeclared = repositories === undefined ? {} : { INPUT_REPOSITORIES: repositories };
  return runCountersign(
    { ...common, ...declared },
    { ...job, ...undeclared },
    ({ exit, outputs, log, stderr }) =>
      Promise.resolve({
        accepted: exit === 0,
        message: `${outputs['verdict'] ?? 'no verdict'}\n${log}${stderr}`,
      }),
  );
}

function askGh({ gh }: Case, image: Image, stack: Stack): Promise<Answer> {
  const args = [
    'attestation',
    'verify',
    `oci://${image.reference}`,
    '--bundle-from-oci',
    '--custom-trusted-root',
    stack.trust.trustedRootLines,
    '--cert-oidc-issuer',
    stack.issuer.url,
    ...flagsOf(gh),
  ];
  // It requires a token even if it sends it nowhere.
  return ask(stack, 'gh', args, { GH_TOKEN: 'unused', GH_NO_UPDATE_NOTIFIER: '1' });
}

function askCosign({ cosign }: Case, image: Image, stack: Stack): Promise<Answer> {
  return ask(stack, 'cosign-v3', [
    'verify',
    '--trusted-root',
    stack.trust.trustedRoot,
    '--certificate-oidc-issuer',
    stack.issuer.url,
    ...flagsOf(cosign),
    image.reference,
  ]);
}

function flagsOf(asked: Asked | NotAskable): readonly string[] {
  return typeof asked === 'string' ? [] : asked.flags;
}
