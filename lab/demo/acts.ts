// What the demo shows: one image that is signed and accepted, and four that a gate has to refuse.
import type { ActionResult } from '../runner/run-action.ts';
import type { Act } from './act.ts';
import type { Job, Stage } from './stage.ts';

export const ACTS: readonly Act[] = [
  {
    headline:
      'Sign: the job that built acme/app:v1 signs it and states its provenance, in the registry and on GitHub',
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
      'the first line of the output verify-commands, with which cosign accepts the image:',
      ...(outputs['verify-commands'] ?? '')
        .split('\n')
        .slice(0, 1)
        .map((line) => `  ${line}`),
    ],
  },
  {
    headline: 'Gate: acme/app:v1 is accepted',
    job: (stage) => Promise.resolve(gate(stage, `${stage.image}:v1`, 'signature\nprovenance')),
    shows: ['log', 'summary'],
    must: {
      'accepted, and handed on by digest': ({ exit, outputs }) =>
        exit === 0 &&
        outputs['verdict'] === 'accepted' &&
        /^[^@]+@sha256:[0-9a-f]{64}$/.test(outputs['image'] ?? ''),
    },
    encore: ({ outputs }) => [`output image: ${outputs['image'] ?? ''}`],
  },
  {
    headline: 'Gate: an image that nobody signed is refused',
    job: async (stage) => gate(stage, `${stage.image}@${await stage.push('unsigned')}`),
    shows: ['log'],
    must: { 'refused as unattested': refusedAs('unattested', /no bundle found/) },
  },
  {
    headline: 'Gate: an image that a workflow of another repository signed is refused',
    job: async (stage: Stage): Promise<Job> => {
      const reference = `${stage.image}@${await stage.push('foreign')}`;
      const { exit } = await stage.run(sign(stage, 'mallory/app', { images: reference }));
      if (exit !== 0) throw new Error('mallory/app could not sign');
      return gate(stage, reference);
    },
    shows: ['log', 'summary'],
    must: {
      'refused as rejected': refusedAs(
        'rejected',
        /expected "https:\/\/github\.com\/acme\/app", found "https:\/\/github\.com\/mallory\/app"/,
      ),
    },
  },
  {
    headline: 'Gate: a tag that was moved from the signed manifest to a changed one is refused',
    job: async (stage: Stage): Promise<Job> => {
      const signed = await stage.push('v1');
      await stage.change('v1');
      return gate(stage, `${stage.image}:v1@${signed}`);
    },
    shows: ['log'],
    must: {
      'refused, because the tag points elsewhere': refusedAs(
        'rejected',
        /tag v1 points to sha256:/,
      ),
    },
  },
  {
    headline:
      'Gate: signed, but the registry hands out bytes that do not match the digest: refused',
    job: async (stage: Stage): Promise<Job> => {
      const signed = await stage.push('v1');
      await stage.corrupt(signed);
      return gate(stage, `${stage.image}@${signed}`);
    },
    shows: ['log'],
    must: {
      'refused, because the bytes are not the signed ones': refusedAs(
        'rejected',
        /asked for sha256:\w+, the registry's bytes are sha256:/,
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

/** The gate of acme/app, which says nothing about who must have signed: its own repository, then. */
function gate({ trustedRoot }: Stage, images: string, require = 'signature'): Job {
  return {
    repository: 'acme/app',
    inputs: { mode: 'verify', images, require, 'trusted-root': trustedRoot },
  };
}

/** The step fails with this verdict, names this reason, and hands no image on. */
function refusedAs(verdict: string, reason: RegExp): (result: ActionResult) => boolean {
  return ({ exit, outputs, log }) =>
    exit === 1 &&
    outputs['verdict'] === verdict &&
    outputs['verified'] === 'false' &&
    !outputs['image'] &&
    reason.test(log);
}
