// Where the vectors are made: the services, one image, its trusted root, and the two bundles that most bad vectors are a changed copy of.
import { readFile } from 'node:fs/promises';

import { expectedSigner } from '../interop/exhibits.ts';
import { identityOf } from '../interop/signer.ts';
import type { Signer } from '../interop/signer.ts';
import type { Stack } from '../interop/stack.ts';
import type { Digest } from '../src/model/digest.ts';
import { toBytes } from './bundle-json.ts';
import type { BundleJson } from './bundle-json.ts';
import { compose } from './compose.ts';
import type { Parts } from './compose.ts';
import type { Subject } from './draft.ts';
import { certify } from './services/fulcio.ts';
import { statementAbout } from './statement.ts';
import type { Vector } from './vector.ts';

export interface Workshop {
  readonly stack: Stack;
  readonly digest: Digest;
  readonly trustedRoot: RootJson;
  /** The workflow that Fulcio certifies, and how its certificates name it. */
  readonly workflow: Signer;
  readonly signer: NonNullable<Vector['signer']>;
  /** Good bundles. */
  readonly v1: BundleJson;
  readonly v2: BundleJson;
  /** A bundle that is signed by the workflow, about the image, unless the parts say otherwise. */
  readonly sign: (parts?: Partial<Parts>) => Promise<BundleJson>;
  /** A bundle that is asked about the image, with the trusted root, by certificate, unless `changes` says otherwise. */
  readonly of: (bundle: BundleJson | Buffer, changes?: Partial<Subject>) => Omit<Subject, 'signer'>;
}

export interface RootJson {
  readonly tlogs: readonly LogJson[];
  readonly ctlogs: readonly LogJson[];
  readonly certificateAuthorities: readonly AuthorityJson[];
  readonly timestampAuthorities: readonly AuthorityJson[];
}

export interface AuthorityJson {
  readonly uri: string;
  readonly validFor: Window;
}

export interface LogJson {
  readonly baseUrl: string;
  readonly logId: { readonly keyId: string };
  readonly publicKey: { readonly validFor: Window };
}

interface Window {
  readonly start?: string;
  readonly end?: string;
}

/** No image has it: what a bundle says of an image is all that is judged. */
const DIGEST: Digest = `sha256:${'c0de'.repeat(16)}`;

export async function openWorkshop(stack: Stack): Promise<Workshop> {
  const workflow = expectedSigner(stack);
  const trustedRoot = JSON.parse(await readFile(stack.trust.trustedRoot, 'utf8')) as RootJson;
  const sign = async (parts: Partial<Parts> = {}): Promise<BundleJson> => {
    const by = parts.by ?? (await certify(stack.endpoints.fulcio, workflow));
    return compose(stack.endpoints, { payload: JSON.stringify(statementAbout(DIGEST)), ...parts, by });
  };
  return {
    stack, workflow, trustedRoot, sign,
    digest: DIGEST,
    signer: { san: identityOf(workflow), issuer: workflow.issuer.url },
    v1: await sign({ logs: ['Rekor v1 dsse 0.0.1'] }),
    v2: await sign(),
    of: (bundle, changes = {}) => ({ digest: DIGEST, trustedRoot, bundle: Buffer.isBuffer(bundle) ? bundle : toBytes(bundle), ...changes }),
  };
}
