// Services for steps that are killed, and the shipped action that signs on them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ActionResult, runAction } from '../../runner/run-action.ts';
import { type PushedImage, pushImage } from '../../services/image.ts';
import { startGitHub, startOidc, startRegistry, startSigstore } from '../../services/start.ts';
import type { KillCase } from './cases.ts';
import type { Struck } from './kill.ts';
import { listedAt, recordedAt } from './listed.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const TOKEN = 'ghs_tokenOfTheKills000000000000000000000';
const REPOSITORY = 'acme/app';

export interface KillStage {
  readonly services: Readonly<Record<string, Struck>>;
  push(content: string): Promise<PushedImage>;
  sign(image: PushedImage, kill?: Promise<NodeJS.Signals>): Promise<ActionResult>;
  /** What readers find, once for each place: by digest of the index or image first, and at GitHub last. */
  listed(image: PushedImage): Promise<string>;
  accepts(image: PushedImage): Promise<boolean>;
  stop(): Promise<unknown>;
}

export async function openStage({ platforms, referrers, inputs }: KillCase): Promise<KillStage> {
  const [oidc, sigstore, registry, github] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startRegistry({ referrers }),
    startGitHub({ tokens: { [TOKEN]: 'write' } }),
  ]);
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const trust = await sigstore.writeTrust();
  const home = await mkdtemp(join(tmpdir(), 'countersign-kills-'));
  const services = { oidc, sigstore, registry, github };
  const run: KillStage['sign'] = async ({ digest }, kill) => {
    const result = await runAction({
      entry: 'dist',
      token: TOKEN,
      inputs: {
        mode: 'sign',
        images: `${registry.host}/${REPOSITORY}@${digest}`,
        'trusted-root': trust.trustedRoot,
        sigstore: trust.signingConfigs.both,
        ...inputs,
      },
      env: { ...oidc.env, GITHUB_API_URL: github.url, NODE_COMPILE_CACHE: join(home, 'compiled') },
      ...(kill ? { kill } : {}),
    });
    await rm(dirname(result.temp), { recursive: true });
    return result;
  };
  return {
    services,
    push: (content) => pushImage(registry, REPOSITORY, { content, platforms }),
    sign: run,
    async listed({ digest, ...image }) {
      const below = [...Object.values(image.platforms), ...Object.values(image.attestations)];
      const counts = await listedAt(registry, REPOSITORY, [digest, ...below]);
      return [...counts, await recordedAt(github.url, TOKEN, REPOSITORY, digest)].join();
    },
    async accepts({ digest }) {
      const { exit, temp } = await runAction({
        entry: 'dist',
        token: TOKEN,
        inputs: {
          mode: 'verify',
          images: `${registry.host}/${REPOSITORY}@${digest}`,
          require: inputs['stores'] === 'github' ? 'provenance' : 'signature',
          'trusted-root': trust.trustedRoot,
        },
        env: { GITHUB_API_URL: github.url, NODE_COMPILE_CACHE: join(home, 'compiled') },
      });
      await rm(dirname(temp), { recursive: true });
      return exit === 0;
    },
    stop: () =>
      Promise.all([
        ...Object.values(services).map((service) => service.stop()),
        rm(home, { recursive: true, force: true }),
      ]),
  };
}
