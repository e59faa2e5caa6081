// The signers of one image: Countersign, each in its own process as the runner starts it, and a real cosign.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '../../runner/run-action.ts';
import { startOidc, startSigstore } from '../../services/start.ts';
import { run } from '../../tools/command.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const MINUTES = 60_000;

export interface Signed {
  /** The manifests that it reports as stored. */
  readonly referrers: readonly string[];
  /** Its message if it did not sign. */
  readonly failure?: string;
  readonly milliseconds: number;
}

export interface Signers {
  countersign(image: string): Promise<Signed>;
  cosign(tool: string, image: string): Promise<Signed>;
  stop(): Promise<unknown>;
}

export async function startSigners(): Promise<Signers> {
  const [oidc, sigstore] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startSigstore({ checkpointDelay: 10 }),
  ]);
  await sigstore.set({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const { trustedRoot, signingConfigs } = await sigstore.writeTrust();
  const home = await mkdtemp(join(tmpdir(), 'countersign-race-'));
  return {
    async countersign(image) {
      const { exit, outputs, annotations, temp, milliseconds } = await runAction({
        entry: 'dist',
        timeout: 10 * MINUTES,
        inputs: {
          mode: 'sign',
          'if-signed': 'sign',
          images: image,
          'trusted-root': trustedRoot,
          sigstore: signingConfigs.rekor2,
        },
        env: { ...oidc.env, NODE_COMPILE_CACHE: join(home, 'compiled') },
      });
      await rm(dirname(temp), { recursive: true });
      if (exit === 0) return { referrers: referrersIn(outputs['results'] ?? '[]'), milliseconds };
      const failure = annotations[0]?.message ?? `it ended with ${exit}`;
      return { referrers: [], failure, milliseconds };
    },
    async cosign(tool, image) {
      const started = performance.now();
      const trust = ['--trusted-root', trustedRoot, '--signing-config', signingConfigs.rekor2];
      const { exit, stderr } = await run(
        tool,
        ['sign', '--yes', ...trust, '--identity-token', await oidc.token('sigstore'), image],
        { env: { PATH: process.env['PATH'], HOME: home }, timeout: 10 * MINUTES },
      );
      const milliseconds = performance.now() - started;
      return { referrers: [], milliseconds, ...(exit === 0 ? {} : { failure: stderr }) };
    },
    stop: () =>
      Promise.all([oidc.stop(), sigstore.stop(), rm(home, { recursive: true, force: true })]),
  };
}

function referrersIn(results: string): readonly string[] {
  const images = JSON.parse(results) as { bundles: { stored: { referrer: string }[] }[] }[];
  return images.flatMap(({ bundles }) =>
    bundles.flatMap(({ stored }) => stored.map(({ referrer }) => referrer)),
  );
}
