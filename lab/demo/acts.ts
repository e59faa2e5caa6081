// The acts of the demo: one image that is signed and accepted, and four that a gate must not accept.
import type { ActionResult } from '../runner/run-action.ts';
import type { Act } from './act.ts';
import type { Job, Stage } from './stage.ts';

export const ACTS: readonly Act[] = [
  {
    headline: 'Sign acme/app:v1 with provenance, in the registry and on GitHub',
    job: async (stage) =>
      sign(stage, 'acme/app', {
        images: `${stage.image}:v1`,
        digest: await stage.push('v1'),
        stores: 'registry\ngithub',
      }),
    shows: ['log', 'summary'],
    must: {
      'signed and stored in both places': ({ exit, outputs }) =>
        exit === 0 && outputs['signed'] === 'true' && outputs['attestation-id'] !== '',
    },
    encore: ({ outputs }) => [
      'the first line of the output verify-commands, a cosign command that verifies the image:',
      ...(outputs['verify-commands'] ?? '')
        .split('\n')
        .slice(0, 1)
        .map((line) => `  ${line}`),
    ],
  },
  {
    headline: 'Verify acme/app:v1: accepted',
    job: (stage) => Promise.resolve(gate(stage, `${stage.image}:v1`, 'signature\nprovenance')),
    shows: ['log', 'summary'],
    must: {
      'accepted, and the output is pinned to the digest': ({ exit, outputs }) =>
        exit === 0 &&
        outputs['verdict'] === 'accepted' &&
        /^[^@]+@sha256:[0-9a-f]{64}$/.test(outputs['image'] ?? ''),
    },
    encore: ({ outputs }) => [`output image: ${outputs['image'] ?? ''}`],
  },
  {
    headline: 'Verify an unsigned image: unattested',
    job: async (stage) => gate(stage, `${stage.image}@${await stage.push('unsigned')}`),
    shows: ['log'],
    must: {
      'the verdict is unattested': refusedAs('unattested', /no signature or attestation found/),
    },
  },
  {
    headline: 'Verify an image that another repository signed: rejected',
    job: async (stage: Stage): Promise<Job> => {
      const reference = `${stage.image}@${await stage.push('foreign')}`;
      const { exit } = await stage.run(sign(stage, 'mallory/app', { images: reference }));
      if (exit !== 0) throw new Error('mallory/app could not sign');
      return gate(stage, reference);
    },
    shows: ['log', 'summary'],
    must: {
      'the verdict is rejected': refusedAs(
        'rejected',
        /expected "https:\/\/github\.com\/acme\/app", found "https:\/\/github\.com\/mallory\/app"/,
      ),
    },
  },
  {
    headline: 'Verify a digest whose tag was moved to a changed image: rejected',
    job: async (stage: Stage): Promise<Job> => {
      const signed = await stage.push('v1');
      await stage.change('v1');
      return gate(stage, `${stage.image}:v1@${signed}`);
    },
    shows: ['log'],
    must: {
      'rejected, because the tag points elsewhere': refusedAs(
        'rejected',
        /tag v1 points to sha256:/,
      ),
    },
  },
  {
    headline: 'Verify an image whose registry returns changed content: rejected',
    job: async (stage: Stage): Promise<Job> => {
      const signed = await stage.push('v1');
      await stage.corrupt(signed);
      return gate(stage, `${stage.image}@${signed}`);
    },
    shows: ['log'],
    must: {
      'rejected, because the digest does not match': refusedAs(
        'rejected',
        /requested sha256:\w+, but the content returned has digest sha256:/,
      ),
    },
  },
];

function sign(
  { signingConfig, trustedRoot }: Stage,
  repository: string,
  inputs: Job['inputs'],
): Job {
  return {
    repository,
    inputs: { mode: 'sign', sigstore: signingConfig, 'trusted-root': trustedRoot, ...inputs },
  };
}

/** The gate of acme/app without any identity input: it accepts its own repository. */
function gate({ trustedRoot }: Stage, images: string, require = 'signature'): Job {
  return {
    repository: 'acme/app',
    inputs: { mode: 'verify', images, require, 'trusted-root': trustedRoot },
  };
}

/** The step fails with this verdict, names this reason, and outputs no image. */
function refusedAs(verdict: string, reason: RegExp): (result: ActionResult) => boolean {
  return ({ exit, outputs, log }) =>
    exit === 1 &&
    outputs['verdict'] === verdict &&
    outputs['verified'] === 'false' &&
    !outputs['image'] &&
    reason.test(log);
}
