// Gives the same file of policies to the tester of policy-controller and to Countersign.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCountersign } from '../peers/countersign.ts';
import type { Image } from '../peers/image.ts';
import { ask } from '../peers/readers/answer.ts';
import type { Answer } from '../peers/readers/reader.ts';
import type { Stack } from '../stack/stack.ts';

export interface Admission {
  readonly theirs: Answer;
  readonly ours: Answer;
}

/** The cluster has one TrustRoot, with the name in the policies. Throws if one of them cannot decide: that is not a refusal. */
export async function admit(policies: string, image: Image, stack: Stack): Promise<Admission> {
  const workspace = await mkdtemp(join(stack.folder, 'policy-'));
  const [policy, root] = [join(workspace, 'policy.yaml'), join(workspace, 'root.yaml')];
  const [, name = 'loopback'] = /"?trustRootRef"?: *"?([\w-]+)/.exec(policies) ?? [];
  const trustRoot = await readFile(stack.trust.kubernetesTrustRoot, 'utf8');
  await writeFile(policy, policies);
  await writeFile(root, trustRoot.replace('"loopback"', JSON.stringify(name)));
  const files = ['-policy', policy, '-trustroot', root];
  const theirs = await ask(stack, 'policy-tester', [...files, '-image', image.reference]);
  if (!theirs.accepted && !theirs.message.includes('Errors encountered during verification'))
    throw new Error(`policy-controller cannot decide: ${theirs.message}`);
  const inputs = {
    mode: 'verify',
    images: image.reference,
    policy: 'policy.yaml',
    'trusted-root': stack.trust.trustedRoot,
  };
  const env = { GITHUB_WORKSPACE: workspace, GITHUB_API_URL: stack.emptyGitHub.url };
  const ours = await runCountersign(inputs, env, ({ exit, log, outputs }) => {
    if (outputs['verdict'] === 'inconclusive') throw new Error(`Countersign cannot decide: ${log}`);
    return Promise.resolve({ accepted: exit === 0, message: log });
  });
  return { theirs, ours };
}

export function clusterImagePolicy(name: string, spec: object): string {
  const metadata = { name };
  return JSON.stringify({
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata,
    spec,
  });
}

export function disagreement({ theirs, ours }: Admission): string {
  return `policy-controller: ${String(theirs.accepted)} ${theirs.message}\nCountersign: ${String(ours.accepted)} ${ours.message}`;
}
