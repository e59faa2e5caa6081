// The environment of the scenarios: GitHub's token issuer and API, a Sigstore instance and a registry, started once per file.
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from '@jest/globals';

import { type ActionResult, type ActionRun, runAction } from '../../lab/runner/run-action.ts';
import type { GitHubOptions } from '../../lab/services/github.ts';
import { type ImageOptions, type PushedImage, pushImage } from '../../lab/services/image.ts';
import type { RegistryOptions } from '../../lab/services/registry.ts';
import {
  type GitHubHandle,
  type OidcHandle,
  type RegistryHandle,
  type SigstoreHandle,
  startGitHub,
  startOidc,
  startRegistry,
  startSigstore,
  type TrustFiles,
} from '../../lab/services/start.ts';

import { wrongInResults } from '../results-schema.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const TOKEN = 'ghs_tokenOfTheJob000000000000000000000000';
export const LOGIN = { username: 'octocat', password: 'correct horse battery staple' };
/** What scenarios run: the sources, and also dist/ if COUNTERSIGN_SCENARIOS is "both". */
export const entries: readonly Entry[] = entriesFor(process.env['COUNTERSIGN_SCENARIOS'] ?? 'src');

/** Of a large table: every third row if only the sources run. CI runs all of them, from both. */
export function sampled<Row>(rows: readonly Row[]): readonly Row[] {
  return entries.includes('dist') ? rows : rows.filter((_, index) => index % 3 === 0);
}

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
  /** The action in a job with every permission, on this environment's Sigstore instance. */
  run(entry: Entry, inputs: Inputs, changes?: Partial<ActionRun>): Promise<ActionResult>;
  /** The same from each of `entries`, concurrently. */
  fromEach(
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
    async fromEach(inputs, changes) {
      const runs = await Promise.all(
        entries.map(async (entry) => [entry, await run(entry, inputs, changes)]),
      );
      return Object.fromEntries(runs) as Record<Entry, ActionResult>;
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

function entriesFor(scenarios: string): readonly Entry[] {
  if (scenarios === 'src') return ['src'];
  if (scenarios === 'both') return ['src', 'dist'];
  throw new Error(
    `Cannot run scenarios: COUNTERSIGN_SCENARIOS is neither "src" nor "both": "${scenarios}"`,
  );
}

/** For every outcome: no secret, no stack trace, and nothing but the log. */
async function runTidily(
  { oidc, github, trust }: Pick<World, 'oidc' | 'github' | 'trust'>,
  entry: Entry,
  inputs: Inputs,
  changes: Partial<ActionRun>,
): Promise<ActionResult> {
  const instance = inputs['mode'] === 'sign' ? { sigstore: trust.signingConfigs.rekor2 } : {};
  const bundled = process.env['COUNTERSIGN_BUNDLE'];
  const result = await runAction({
    token: TOKEN,
    secrets: [LOGIN.password],
    ...(entry === 'src' && bundled !== undefined ? { script: bundled } : {}),
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
  const { results = '' } = result.outputs;
  if (results !== '') expect(wrongInResults(results)).toEqual([]);
  expect(result.stdout).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return result;
}
