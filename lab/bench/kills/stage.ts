// The shipped action, which signs and verifies images in a world for one case, and what readers find there.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ActionResult, runAction } from '../../runner/run-action.ts';
import { type PushedImage, pushImage } from '../../services/image.ts';
import type { KillCase } from './cases.ts';
import type { Struck } from './kill.ts';
import { listedAt, recordedAt } from './listed.ts';
import { LOGIN, openWorld, TOKEN, type World } from './world.ts';

/** Of the job, and so of what is recorded at GitHub. */
const JOB = 'acme/app';
let images = 0;

export interface Image extends PushedImage {
  readonly repository: string;
  /** `host/repository`. */
  readonly name: string;
}

type Images = Image | readonly Image[];

export interface KillStage {
  readonly services: Readonly<Record<string, Struck>>;
  /** Into a repository of its own, in which nothing is yet. */
  push(content: string): Promise<Image>;
  sign(images: Images, kill?: Promise<NodeJS.Signals>): Promise<ActionResult>;
  /** What readers find, once for each place: by digest of the index or image first, and at GitHub last. */
  listed(image: Image): Promise<string>;
  /** Whether a gate accepts all of them. */
  accepts(images: Images): Promise<boolean>;
  /** A gate with these inputs. */
  gate(
    images: Images,
    inputs: KillCase['inputs'],
    kill?: Promise<NodeJS.Signals>,
  ): Promise<ActionResult>;
  stop(): Promise<unknown>;
}

/** In a world of its own. */
export async function openStage(each: KillCase): Promise<KillStage> {
  const world = await openWorld();
  return { ...(await stageIn(world, each)), stop: () => world.stop() };
}

export async function stageIn(
  world: World,
  { platforms, referrers, auth = 'none', signer = 'certificate', trust: by, inputs }: KillCase,
  env: Readonly<Record<string, string>> = {},
): Promise<Omit<KillStage, 'stop'>> {
  const { oidc, sigstore, registry, github, tuf, trust, keys, home } = world;
  await registry.set({ referrers, auth });
  const login =
    auth === 'none'
      ? {}
      : { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };
  const run = async (
    given: Images,
    more: KillCase['inputs'],
    kill: Promise<NodeJS.Signals> | undefined,
  ): Promise<ActionResult> => {
    const result = await runAction({
      entry: 'dist',
      ...(by === 'tuf' ? { script: world.tufEntry } : {}),
      token: TOKEN,
      inputs: {
        images: [given]
          .flat()
          .map(({ name, digest }) => `${name}@${digest}`)
          .join('\n'),
        'trusted-root': trust.trustedRoot,
        ...login,
        ...more,
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
  const key = signer === 'key' ? { key: keys.private } : {};
  const trusted = {
    ...(signer === 'key' ? { key: keys.public } : {}),
    ...(by === 'tuf' ? { 'trusted-root': '' } : {}),
  };
  const gate: KillStage['gate'] = (given, more, kill) =>
    run(given, { mode: 'verify', ...trusted, ...more }, kill);
  // Only the action logs in.
  const openly = async <T>(work: () => Promise<T>): Promise<T> => {
    await registry.set({ auth: 'none' });
    const result = await work();
    await registry.set({ auth });
    return result;
  };
  return {
    services: { oidc, sigstore, registry, github, ...(by === 'tuf' ? { tuf } : {}) },
    push: (content) =>
      openly(async () => {
        const repository = `acme/image-${++images}`;
        const pushed = await pushImage(registry, repository, { content, platforms });
        return { ...pushed, repository, name: `${registry.host}/${repository}` };
      }),
    sign: (given, kill) =>
      run(given, { mode: 'sign', sigstore: trust.signingConfigs.both, ...key, ...inputs }, kill),
    gate,
    listed: ({ repository, digest, ...image }) =>
      openly(async () => {
        const below = [...Object.values(image.platforms), ...Object.values(image.attestations)];
        const counts = await listedAt(registry, repository, [digest, ...below]);
        return [...counts, await recordedAt(github.url, TOKEN, JOB, digest)].join();
      }),
    async accepts(given) {
      const require = inputs['stores'] === 'github' ? 'provenance' : 'signature';
      return (await gate(given, { require })).exit === 0;
    },
  };
}
