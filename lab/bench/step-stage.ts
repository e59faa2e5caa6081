// Services and images for steps of both modes: the action in a process of its own with the probe in it, and what the services saw.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '../runner/run-action.ts';
import { pushImage, type PushTarget } from '../services/image.ts';
import type { RegistrySettings } from '../services/registry/settings.ts';
import { startOidc, startRegistry, startSigstore } from '../services/start.ts';
import { openProbe } from './open-probe.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
/** Where all images are. */
export const REPOSITORY = 'acme/app';
/** Milliseconds: what takes longer is shown as a failure. */
const PATIENCE = 300_000;

export interface Step {
  /** Requests that the registry answered, and those that it refused for their rate. */
  readonly answered: number;
  readonly refused: number;
  /** Of other services. */
  readonly others: number;
  readonly certificates: number;
  /** Milliseconds from the start of the process to its end. */
  readonly wall: number;
  /** Bytes. */
  readonly memory: number;
}

export interface Stage {
  readonly registry: PushTarget;
  /** References of so many new images. */
  push(count: number): Promise<string>;
  /** The registry behaves so from now on. */
  set(settings: Partial<RegistrySettings>): Promise<void>;
  /** Milliseconds before every response of every service from now on. */
  delay(milliseconds: number): Promise<void>;
  /** References of images in the repository. */
  referencesOf(digests: readonly string[]): string;
  run(
    mode: 'sign' | 'verify',
    images: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<Step>;
  close(): Promise<unknown>;
}

export async function openStage(): Promise<Stage> {
  const [oidc, sigstore, registry, scratch] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
    startRegistry(),
    mkdtemp(join(tmpdir(), 'countersign-bench-')),
  ]);
  const services = [oidc, sigstore, registry];
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const { trustedRoot, signingConfigs } = await sigstore.writeTrust();
  const inputs = {
    sign: { 'trusted-root': trustedRoot, sigstore: signingConfigs.rekor2 },
    verify: { 'trusted-root': trustedRoot, sources: 'registry' },
  };
  const referencesOf: Stage['referencesOf'] = (digests) =>
    digests.map((digest) => `${registry.host}/${REPOSITORY}@${digest}`).join('\n');
  let pushed = 0;
  return {
    registry,
    referencesOf,
    async push(count) {
      const numbers = Array.from({ length: count }, () => pushed++);
      const images = await Promise.all(
        numbers.map((number) => pushImage(registry, REPOSITORY, { content: `image ${number}` })),
      );
      return referencesOf(images.map(({ digest }) => digest));
    },
    set: (settings) => registry.set(settings),
    async delay(milliseconds) {
      for (const service of services)
        await service.fault({ path: '', action: { delay: milliseconds } });
    },
    async run(mode, images, more = {}) {
      await Promise.all(services.map((service) => service.clear()));
      const probe = await openProbe(scratch);
      const { exit, log, milliseconds, temp } = await runAction({
        entry: 'dist',
        timeout: PATIENCE,
        inputs: { mode, images, ...inputs[mode], ...more },
        env: { ...oidc.env, NODE_OPTIONS: probe.option, ...probe.env },
      });
      if (exit !== 0) throw new Error(log.slice(-3000));
      await rm(dirname(temp), { recursive: true });
      const [rest, seen] = await Promise.all([
        Promise.all([oidc, sigstore].map((service) => service.requests())),
        registry.requests(),
      ]);
      // The certificate authority fetches the keys of the issuer itself.
      const others = rest.flat().filter(({ path }) => !path.includes('jwks'));
      const refused = seen.filter(({ status }) => status === 429).length;
      const { most } = await probe.read();
      return {
        answered: seen.length - refused,
        refused,
        others: others.length,
        certificates: others.filter(({ server }) => server === 'fulcio').length,
        wall: milliseconds,
        memory: most,
      };
    },
    async close() {
      await Promise.all(services.map((service) => service.stop()));
      await rm(scratch, { recursive: true });
    },
  };
}
