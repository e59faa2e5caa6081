// The environment of the scenarios: GitHub's token issuer and API, a Sigstore instance and a registry, started once per file.
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, jest } from '@jest/globals';

import { runAction } from '../../lab/runner/run-action.ts';
import type { ActionResult, ActionRun } from '../../lab/runner/run-action.ts';
import type { GitHubOptions } from '../../lab/services/github.ts';
import { pushImage } from '../../lab/services/image.ts';
import type { ImageOptions, PushedImage } from '../../lab/services/image.ts';
import type { RegistryOptions } from '../../lab/services/registry.ts';
import { startGitHub, startOidc, startRegistry, startSigstore } from '../../lab/services/start.ts';
import type {
  GitHubHandle,
  OidcHandle,
  RegistryHandle,
  SigstoreHandle,
  TrustFiles,
} from '../../lab/services/start.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const TOKEN = 'ghs_tokenOfTheJob000000000000000000000000';
export const LOGIN = { username: 'octocat', password: 'correct horse battery staple' };
export const entries = ['src', 'dist'] as const;

export type Entry = ActionRun['entry'];
export type Inputs = Readonly<Record<string, string>>;

export interface Image extends PushedImage {
  readonly repository: string;
  /** `host/repository@sha256:…`. */
  readonly reference: string;
}

export interface Services {
  readonly oidc: OidcHandle;
  readonly sigstore: SigstoreHandle;
  readonly registry: RegistryHandle;
  readonly github: GitHubHandle;
}

export interface World extends Services {
  readonly trust: TrustFiles;
  /** The action in a job with every permission, on this world's Sigstore instance. */
  run(entry: Entry, inputs: Inputs, changes?: Partial<ActionRun>): Promise<ActionResult>;
  /** The same from both entries, side by side. */
  both(
    inputs: Inputs,
    changes?: Partial<ActionRun>,
  ): Promise<Readonly<Record<Entry, ActionResult>>>;
  push(repository: string, options?: ImageOptions): Promise<Image>;
  /** Forgets requests and faults. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(
  options: { readonly registry?: RegistryOptions; readonly github?: GitHubOptions } = {},
): Promise<World> {
  // A run takes a third of a second, but machines may be busy.
  jest.setTimeout(30_000);
  const [oidc, sigstore, registry, github] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startRegistry({ ...LOGIN, ...options.registry }),
    startGitHub({ tokens: { [TOKEN]: 'write' }, ...options.github }),
  ]);
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const trust = await sigstore.writeTrust();
  const services = [oidc, sigstore, registry, github];
  const run: World['run'] = (entry, inputs, changes = {}) =>
    runTidily({ oidc, github, trust }, entry, inputs, changes);
  return {
    oidc,
    sigstore,
    registry,
    github,
    trust,
    run,
    async both(inputs, changes) {
      const [src, dist] = await Promise.all([
        run('src', inputs, changes),
        run('dist', inputs, changes),
      ]);
      return { src, dist };
    },
    async push(repository, image = {}) {
      const pushed = await pushImage({ ...registry, ...LOGIN }, repository, image);
      return {
        ...pushed,
        repository,
        reference: `${registry.host}/${repository}@${pushed.digest}`,
      };
    },
    async forget() {
      await Promise.all(services.flatMap((service) => [service.clear(), service.mend()]));
    },
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

/** Whatever the outcome: no secret, no stack trace, and nothing beside the log. */
async function runTidily(
  { oidc, github, trust }: Pick<World, 'oidc' | 'github' | 'trust'>,
  entry: Entry,
  inputs: Inputs,
  changes: Partial<ActionRun>,
): Promise<ActionResult> {
  const instance = inputs['mode'] === 'sign' ? { sigstore: trust.signingConfigs.rekor2 } : {};
  const result = await runAction({
    token: TOKEN,
    secrets: [LOGIN.password],
    ...changes,
    entry,
    inputs: { 'trusted-root': trust.trustedRoot, ...instance, ...inputs },
    // Runs of the same code load faster from V8's cache.
    env: {
      ...oidc.env,
      GITHUB_API_URL: github.url,
      NODE_COMPILE_CACHE: path.join(tmpdir(), 'countersign-compile-cache'),
      ...changes.env,
    },
  });
  expect(result).toMatchObject({ stderr: '', leaks: [] });
  expect(result.stdout).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return result;
}
