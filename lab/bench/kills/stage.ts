// Services for steps that are killed or meet faults, and the shipped action that signs and verifies on them.
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
const LOGIN = { username: 'octocat', password: 'correct horse battery staple' };
/** Of the job, and so of what is recorded at GitHub. */
const JOB = 'acme/app';

export interface Image extends PushedImage {
  readonly repository: string;
}

export interface KillStage {
  readonly services: Readonly<Record<string, Struck>>;
  /** Into a repository of its own, in which nothing is yet. */
  push(content: string): Promise<Image>;
  sign(image: Image, kill?: Promise<NodeJS.Signals>): Promise<ActionResult>;
  /** What readers find, once for each place: by digest of the index or image first, and at GitHub last. */
  listed(image: Image): Promise<string>;
  accepts(image: Image): Promise<boolean>;
  /** A gate with these inputs. */
  gate(
    image: Image,
    inputs: KillCase['inputs'],
    kill?: Promise<NodeJS.Signals>,
  ): Promise<ActionResult>;
  stop(): Promise<unknown>;
}

export async function openStage(
  { platforms, referrers, auth = 'none', inputs }: KillCase,
  env: Readonly<Record<string, string>> = {},
): Promise<KillStage> {
  const [oidc, sigstore, registry, github] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startRegistry({ referrers, ...LOGIN }),
    startGitHub({ tokens: { [TOKEN]: 'write' } }),
  ]);
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const trust = await sigstore.writeTrust();
  const home = await mkdtemp(join(tmpdir(), 'countersign-kills-'));
  const services = { oidc, sigstore, registry, github };
  let images = 0;
  const login =
    auth === 'none'
      ? {}
      : { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };
  const run = async (
    { repository, digest }: Image,
    given: KillCase['inputs'],
    kill: Promise<NodeJS.Signals> | undefined,
  ): Promise<ActionResult> => {
    const result = await runAction({
      entry: 'dist',
      token: TOKEN,
      inputs: {
        images: `${registry.host}/${repository}@${digest}`,
        'trusted-root': trust.trustedRoot,
        ...login,
        ...given,
      },
      env: {
        ...oidc.env,
        GITHUB_API_URL: github.url,
        NODE_COMPILE_CACHE: join(home, 'compiled'),
        ...env,
      },
      ...(kill ? { kill } : {}),
    });
    await rm(dirname(result.temp), { recursive: true });
    return result;
  };
  const gate: KillStage['gate'] = (image, given, kill) =>
    run(image, { mode: 'verify', ...given }, kill);
  // Only the action logs in.
  const openly = async <T>(work: () => Promise<T>): Promise<T> => {
    await registry.set({ auth: 'none' });
    const result = await work();
    await registry.set({ auth });
    return result;
  };
  return {
    services,
    push: (content) =>
      openly(async () => {
        const repository = `acme/image-${++images}`;
        return { ...(await pushImage(registry, repository, { content, platforms })), repository };
      }),
    sign: (image, kill) =>
      run(image, { mode: 'sign', sigstore: trust.signingConfigs.both, ...inputs }, kill),
    gate,
    listed: ({ repository, digest, ...image }) =>
      openly(async () => {
        const below = [...Object.values(image.platforms), ...Object.values(image.attestations)];
        const counts = await listedAt(registry, repository, [digest, ...below]);
        return [...counts, await recordedAt(github.url, TOKEN, JOB, digest)].join();
      }),
    async accepts(image) {
      const require = inputs['stores'] === 'github' ? 'provenance' : 'signature';
      return (await gate(image, { require })).exit === 0;
    },
    stop: () =>
      Promise.all([
        ...Object.values(services).map((service) => service.stop()),
        rm(home, { recursive: true, force: true }),
      ]),
  };
}
