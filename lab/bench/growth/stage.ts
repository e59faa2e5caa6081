// Services and images for steps that grow: the action in a process of its own with the probe in it, and what the registry saw.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '../../runner/run-action.ts';
import { pushImage } from '../../services/image.ts';
import type { RegistrySettings } from '../../services/registry/settings.ts';
import { startOidc, startRegistry, startSigstore } from '../../services/start.ts';
import type { Probed } from '../probe.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const REPOSITORY = 'acme/app';
/** Milliseconds: what takes longer is shown as a failure. */
const PATIENCE = 300_000;

export interface Step {
  /** Requests that the registry answered, and those that it refused for their rate. */
  readonly answered: number;
  readonly refused: number;
  /** Of other services. */
  readonly others: number;
  /** Milliseconds from the start of the process to its end. */
  readonly wall: number;
  /** Bytes. */
  readonly memory: number;
}

export interface Stage {
  /** References of so many new images. */
  push(count: number): Promise<string>;
  /** The registry behaves so from now on. */
  set(settings: Partial<RegistrySettings>): Promise<void>;
  run(mode: 'sign' | 'verify', images: string): Promise<Step>;
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
  let pushed = 0;
  return {
    async push(count) {
      const numbers = Array.from({ length: count }, () => pushed++);
      const images = await Promise.all(
        numbers.map((number) => pushImage(registry, REPOSITORY, { content: `image ${number}` })),
      );
      return images.map(({ digest }) => `${registry.host}/${REPOSITORY}@${digest}`).join('\n');
    },
    set: (settings) => registry.set(settings),
    async run(mode, images) {
      await Promise.all(services.map((service) => service.clear()));
      const probe = join(scratch, 'probe.json');
      const { exit, log, milliseconds, temp } = await runAction({
        entry: 'dist',
        timeout: PATIENCE,
        inputs: { mode, images, ...inputs[mode] },
        env: {
          ...oidc.env,
          NODE_OPTIONS: `--import ${new URL('../probe.ts', import.meta.url).href}`,
          BENCH_PROBE: probe,
        },
      });
      if (exit !== 0) throw new Error(log.slice(-3000));
      await rm(dirname(temp), { recursive: true });
      const [others, seen] = await Promise.all([
        Promise.all([oidc, sigstore].map((service) => service.requests())),
        registry.requests(),
      ]);
      const refused = seen.filter(({ status }) => status === 429).length;
      const { most } = JSON.parse(await readFile(probe, 'utf8')) as Probed;
      return {
        answered: seen.length - refused,
        refused,
        // The certificate authority fetches the keys of the issuer itself.
        others: others.flat().filter(({ path }) => !path.includes('jwks')).length,
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
