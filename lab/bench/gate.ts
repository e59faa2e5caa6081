// A gate to be measured: the whole action in its own process, and all services that it uses in others.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionResult, runAction } from '../runner/run-action.ts';
import { MANIFEST, pushImage, putBlob, putManifest } from '../services/image.ts';
import { startGitHub, startRegistry } from '../services/start.ts';
import { type Instance, startInstance } from '../bundles/instance.ts';
import type { Digest } from '../../src/model/digest.ts';
import { openProbe } from './open-probe.ts';
import type { Probed } from './probe.ts';

const TOKEN = 'ghs_tokenOfTheBench000000000000000000000';
const REPOSITORY = 'acme/app';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

type Inputs = Readonly<Record<string, string>>;

export interface Image {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

export interface Judged extends Probed {
  readonly verdict: string;
  /** Milliseconds from the start of the process to its end. */
  readonly wall: number;
  /** Bundles that were verified or rejected, according to the report. */
  readonly bundles: number;
}

export interface Gate {
  readonly instance: Instance;
  push(name: string): Promise<Image>;
  /** As many referrers, with these bundles in turn; equal bundles are one blob, which is read for each. */
  attach(image: Image, bundles: readonly Buffer[], count: number): Promise<void>;
  /** Layers with their annotations, under the tag of cosign v2's signatures. */
  attachLayers(image: Image, layers: readonly Layer[]): Promise<void>;
  /** Name and digest. */
  referenceOf(image: Image): string;
  /** The action unchanged. */
  run(image: Image, inputs: Inputs, env?: Inputs): Promise<ActionResult>;
  /** The action with the probe in its process. */
  judge(image: Image, inputs: Inputs): Promise<Judged>;
  close(): Promise<unknown>;
}

export interface Layer {
  readonly mediaType: string;
  readonly blob: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

export async function openGate(): Promise<Gate> {
  const [instance, registry, github] = await Promise.all([
    startInstance(),
    startRegistry(),
    startGitHub({ tokens: { [TOKEN]: 'write' } }),
  ]);
  const scratch = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  const describe = async (mediaType: string, bytes: Buffer): Promise<object> => ({
    mediaType,
    digest: await putBlob(registry, REPOSITORY, bytes),
    size: bytes.byteLength,
  });
  const referenceOf: Gate['referenceOf'] = ({ digest }) =>
    `${registry.host}/${REPOSITORY}@${digest}`;
  const run: Gate['run'] = (image, inputs, env = {}) =>
    runAction({
      entry: 'dist',
      token: TOKEN,
      timeout: 300_000,
      inputs: {
        mode: 'verify',
        images: referenceOf(image),
        'trusted-root': instance.trust.trustedRoot,
        ...inputs,
      },
      env: { GITHUB_API_URL: github.url, ...env },
    });
  return {
    instance,
    async push(name) {
      const { digest, bytes } = await pushImage(registry, REPOSITORY, { content: name });
      return { digest: digest as Digest, bytes };
    },
    async attach({ digest, bytes }, bundles, count) {
      const config = await describe('application/vnd.oci.empty.v1+json', Buffer.from('{}'));
      const layers = await Promise.all(bundles.map((bundle) => describe(BUNDLE, bundle)));
      for (let number = 0; number < count; number++) {
        const subject = { mediaType: MANIFEST, digest, size: bytes.byteLength };
        await putManifest(registry, REPOSITORY, {
          schemaVersion: 2,
          mediaType: MANIFEST,
          artifactType: BUNDLE,
          config,
          layers: [layers[number % layers.length]],
          subject,
          annotations: { number: String(number) },
        });
      }
    },
    async attachLayers({ digest }, layers) {
      const config = await describe('application/vnd.oci.image.config.v1+json', Buffer.from('{}'));
      const described = await Promise.all(
        layers.map(async ({ mediaType, blob, annotations }) => ({
          ...(await describe(mediaType, blob)),
          annotations,
        })),
      );
      await putManifest(
        registry,
        REPOSITORY,
        { schemaVersion: 2, mediaType: MANIFEST, config, layers: described },
        MANIFEST,
        `${digest.replace(':', '-')}.sig`,
      );
    },
    referenceOf,
    run,
    async judge(image, inputs) {
      const probe = await openProbe(scratch);
      const { outputs, milliseconds, log } = await run(image, inputs, {
        NODE_OPTIONS: probe.option,
        ...probe.env,
      });
      const [result] = JSON.parse(await readFile(outputs['results-path'] ?? '', 'utf8')) as {
        evidence: { bundles: unknown[] }[];
        unacceptable: unknown[];
        rejections: unknown[];
      }[];
      if (!result) throw new Error(log);
      const { evidence, unacceptable, rejections } = result;
      const bundles =
        evidence.flatMap((each) => each.bundles).length + unacceptable.length + rejections.length;
      return {
        ...(await probe.read()),
        verdict: outputs['verdict'] ?? 'none',
        wall: milliseconds,
        bundles,
      };
    },
    close: () => Promise.all([instance.stop(), registry.stop(), github.stop()]),
  };
}
