// The environment of the demo: every service that a signing job and a gate use, on loopback, and the runner that starts the shipped action.
import { putManifest, pushImage } from '../services/image.ts';
import { startGitHub, startOidc, startRegistry, startSigstore } from '../services/start.ts';
import { type ActionResult, runAction } from '../runner/run-action.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const TOKEN = 'ghs_demoInstallationToken0000000000000000';
const IMAGE = 'acme/app';

/** A job of the workflow `.github/workflows/release.yml` on the main branch of this repository, `owner/name`. */
export interface Job {
  readonly repository: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Stage {
  /** `127.0.0.1:port/acme/app`. */
  readonly image: string;
  readonly trustedRoot: string;
  readonly signingConfig: string;
  /** Builds and pushes an image; returns its digest. */
  push(tag: string): Promise<string>;
  /** Moves the tag to a manifest that differs in one annotation; returns its digest. */
  change(tag: string): Promise<string>;
  /** From now on the registry answers a manifest with one bit flipped. */
  corrupt(digest: string): Promise<void>;
  run(job: Job): Promise<ActionResult>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [oidc, registry, github] = await Promise.all([
    startOidc({ issuer: ISSUER }),
    startRegistry(),
    startGitHub({ tokens: { [TOKEN]: 'write' }, organizations: ['acme'] }),
  ]);
  const sigstore = await startSigstore({ issuers: [{ issuer: ISSUER, jwks: oidc.jwks }] });
  const { trustedRoot, signingConfigs } = await sigstore.writeTrust();
  // The gate searches all places at once and logs them as they respond; searched one after the other, the log has a fixed order.
  await registry.fault({ method: 'GET', path: '/manifests/sha256-', action: { delay: 250 } });
  await github.fault({ method: 'GET', path: '/attestations/', action: { delay: 400 } });
  const push = (tag: string): ReturnType<typeof pushImage> =>
    pushImage(registry, IMAGE, { tag, content: `${IMAGE} ${tag}` });
  return {
    image: `${registry.host}/${IMAGE}`,
    trustedRoot,
    signingConfig: signingConfigs.rekor1,
    push: async (tag) => (await push(tag)).digest,
    async change(tag) {
      const { bytes, mediaType } = await push(tag);
      const manifest = {
        ...(JSON.parse(bytes.toString()) as object),
        annotations: { changed: 'by somebody who may push' },
      };
      return putManifest(registry, IMAGE, manifest, mediaType, tag);
    },
    corrupt: (digest) =>
      registry.fault({ method: 'GET', path: `/manifests/${digest}$`, action: { corrupt: true } }),
    async run({ repository, inputs }) {
      await oidc.set({ claims: { repository } });
      const env = {
        ...oidc.env,
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: repository,
        GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/release.yml@refs/heads/main`,
      };
      return runAction({ entry: 'dist', token: TOKEN, inputs, env });
    },
    async close() {
      await Promise.all([oidc, registry, github, sigstore].map((service) => service.stop()));
    },
  };
}
