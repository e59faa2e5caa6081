// The built action, cosign and gh, each as a process that signs or verifies one image; without those that are not built.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '../../runner/run-action.ts';
import { findTool } from '../../tools/build.ts';
import { timeProcess } from '../in-turn.ts';
import type { Network } from './services.ts';

export interface Contender {
  readonly name: string;
  /** Milliseconds from the start of the process to its end; undefined if it is not built. */
  readonly run: ((image: string) => Promise<number>) | undefined;
}

const ISSUER = 'https://token.actions.githubusercontent.com';
const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';

export async function verifiers(network: Network): Promise<readonly Contender[]> {
  const { trustedRoot, dockerConfig } = network;
  // gh reads one root per line, and ignores a last line without a line feed.
  const lines = join(dockerConfig, 'root.jsonl');
  await writeFile(lines, `${JSON.stringify(JSON.parse(await readFile(trustedRoot, 'utf8')))}\n`);
  const identity = ['--certificate-identity-regexp', '^https://github.com/acme/app/'];
  return [
    countersign(network, { mode: 'verify' }),
    await tool(network, 'cosign-v3', (image) =>
      Promise.resolve([
        ...['verify', '--trusted-root', trustedRoot, ...identity],
        ...['--certificate-oidc-issuer', ISSUER, image],
      ]),
    ),
    await tool(network, 'gh', (image) =>
      Promise.resolve([
        ...['attestation', 'verify', `oci://${image}`, '--repo', 'acme/app', '--bundle-from-oci'],
        ...['--predicate-type', SIGNATURE, '--custom-trusted-root', lines],
      ]),
    ),
  ];
}

/** One step for all images that a Kubernetes manifest names. */
export function manyVerifier(network: Network): Contender {
  return {
    name: 'Countersign',
    async run(images) {
      const containers = images
        .split('\n')
        .map((image, index) => ({ name: `app-${index}`, image }));
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'app' },
        spec: { containers },
      };
      const folder = await mkdtemp(join(tmpdir(), 'countersign-network-'));
      await writeFile(join(folder, 'pod.yaml'), JSON.stringify(pod));
      return runCountersign(network, { mode: 'verify', files: 'pod.yaml' }, folder);
    },
  };
}

export async function signers(network: Network): Promise<readonly Contender[]> {
  const { trustedRoot, signingConfig } = network;
  return [
    countersign(network, { mode: 'sign', sigstore: signingConfig }),
    await tool(network, 'cosign-v3', async (image) => [
      ...['sign', '--yes', '--trusted-root', trustedRoot, '--signing-config', signingConfig],
      ...['--identity-token', await network.identityToken(), image],
    ]),
  ];
}

type Inputs = Readonly<Record<string, string>>;

function countersign(network: Network, inputs: Inputs): Contender {
  const run = (images: string): Promise<number> => runCountersign(network, { images, ...inputs });
  return { name: 'Countersign', run };
}

async function runCountersign(
  { trustedRoot, github, oidc, dockerConfig }: Network,
  inputs: Inputs,
  folder?: string,
): Promise<number> {
  const { exit, log, milliseconds, temp } = await runAction({
    entry: 'dist',
    token: github.token,
    inputs: { 'trusted-root': trustedRoot, ...inputs },
    env: { ...oidc, GITHUB_API_URL: github.url, DOCKER_CONFIG: dockerConfig },
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  await rm(dirname(temp), { recursive: true });
  if (exit !== 0) throw new Error(log);
  return milliseconds;
}

/** `npm run interop` builds it. */
async function tool(
  { dockerConfig }: Network,
  name: 'cosign-v3' | 'gh',
  args: (image: string) => Promise<readonly string[]>,
): Promise<Contender> {
  const path = await findTool(name);
  const env = {
    PATH: process.env['PATH'],
    HOME: dockerConfig,
    DOCKER_CONFIG: dockerConfig,
    GH_TOKEN: 'unused',
    GH_NO_UPDATE_NOTIFIER: '1',
  };
  return {
    name: name === 'gh' ? 'gh' : 'cosign 3',
    run:
      path === undefined
        ? undefined
        : async (image) => timeProcess(path, await args(image), { env }),
  };
}
