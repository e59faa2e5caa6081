// The setting for creating vectors: the services, the digest of an image, its trusted root, and the two bundles from which most invalid vectors are derived.
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { expectedSigner } from '../peers/exhibits.ts';
import { identityOf, type Signer, tokenOf } from '../peers/signer.ts';
import type { Stack } from '../stack/stack.ts';
import type { Endpoints } from '../stack/trust.ts';
import { bundleOfLayer } from '../../src/cosign/layer.ts';
import type { Digest } from '../../src/model/digest.ts';
import { type BundleJson, toBytes } from '../bundles/bundle-json.ts';
import { compose, type Parts } from '../bundles/compose.ts';
import type { Subject } from './draft.ts';
import type { RootJson } from './root.ts';
import type { Ed25519Log } from './services/ed25519-log.ts';
import { certify } from '../bundles/clients/fulcio.ts';
import type { Layer } from '../bundles/layer.ts';
import type { CertifiedHolder } from '../bundles/holder.ts';
import {
  alternativeNames,
  type CertificateRequest,
  issue,
  issuerExtension,
  uri,
} from './services/issue.ts';
import { statementAbout } from '../bundles/statement.ts';
import { createUnlogged } from './unlogged.ts';
import type { Vector } from './vector.ts';

export interface Workshop {
  readonly stack: Stack;
  readonly ed25519Log: Ed25519Log;
  readonly digest: Digest;
  readonly trustedRoot: RootJson;
  /** Of the same form and with the same names, with other keys. */
  readonly otherRoot: RootJson;
  /** The root of an instance without logs. */
  readonly unloggedRoot: RootJson;
  /** The workflow that Fulcio certifies, and how its certificates name it. */
  readonly workflow: Signer;
  readonly signer: NonNullable<Vector['signer']>;
  /** Valid bundles, logged in Rekor v1 as dsse and in Rekor v2, with a short certificate. */
  readonly v1: BundleJson;
  readonly v2: BundleJson;
  /** A bundle signed by the workflow, about the image, logged in Rekor v2 and timestamped, unless the parts differ. */
  readonly sign: (parts?: Partial<Parts>, endpoints?: Endpoints) => Promise<BundleJson>;
  /** The same of the instance without logs. */
  readonly signUnlogged: (
    parts?: Partial<Parts>,
    request?: Partial<CertificateRequest>,
  ) => Promise<BundleJson>;
  /** A certificate of the workflow by Fulcio, with all facts of the job. */
  readonly certify: (key?: KeyObject) => Promise<CertifiedHolder>;
  /** A certificate of the workflow by Fulcio's authority with only name and issuer, unless `changes` differs. */
  readonly issue: (changes?: Partial<CertificateRequest>) => Promise<CertifiedHolder>;
  /** The bundle for a layer of cosign v2, together with the layer. */
  readonly ofLayer: (layer: Layer, changes?: Partial<Subject>) => Omit<Subject, 'signer'>;
  /** A bundle to verify for the image, with the trusted root, by certificate, unless `changes` differs. */
  readonly of: (bundle: BundleJson | Buffer, changes?: Partial<Subject>) => Omit<Subject, 'signer'>;
}

/** No image has it: only the bundle is verified. */
const DIGEST: Digest = `sha256:${'c0de'.repeat(16)}`;

export async function openWorkshop(stack: Stack, ed25519Log: Ed25519Log): Promise<Workshop> {
  const workflow = expectedSigner(stack);
  const signer = { san: identityOf(workflow), issuer: workflow.issuer.url };
  const root = await readRoot(stack.trust.trustedRoot);
  const trustedRoot = { ...root, tlogs: [...root.tlogs, ed25519Log.json] };
  const unlogged = createUnlogged(trustedRoot);
  const identity = [alternativeNames(uri(signer.san)), issuerExtension(signer.issuer)];
  const payload = statementAbout(DIGEST);
  const sign: Workshop['sign'] = async (parts = {}, endpoints = stack.endpoints) => {
    const by = parts.by ?? (await issue(stack, { identity }));
    return compose(endpoints, { payload, ...parts, by });
  };
  const of: Workshop['of'] = (bundle, changes = {}) => ({
    digest: DIGEST,
    trustedRoot,
    bundle: Buffer.isBuffer(bundle) ? bundle : toBytes(bundle),
    ...changes,
  });
  return {
    stack,
    workflow,
    signer,
    trustedRoot,
    sign,
    ed25519Log,
    digest: DIGEST,
    otherRoot: await readRoot(stack.otherTrust.trustedRoot),
    unloggedRoot: unlogged.trustedRoot,
    signUnlogged: async (parts = {}, request = {}) => {
      const by =
        parts.by ??
        (await issue(stack, { identity, authority: unlogged.authority, sct: 'none', ...request }));
      return compose(stack.endpoints, { payload, logs: [], ...parts, by });
    },
    certify: (key) => certify(stack.endpoints.fulcio, tokenOf(workflow), key),
    issue: (changes) => issue(stack, { identity, ...changes }),
    ofLayer: (layer, changes = {}) => of(bundleOfLayer(layer), { layer: layer.blob, ...changes }),
    of,
    v1: await sign({ logs: ['Rekor v1 dsse 0.0.1'] }),
    v2: await sign(),
  };
}

async function readRoot(path: string): Promise<RootJson> {
  return JSON.parse(await readFile(path, 'utf8')) as RootJson;
}
