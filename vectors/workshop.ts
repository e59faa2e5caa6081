// Where the vectors are made: the services, one image, its trusted root, and the two bundles that most bad vectors are a changed copy of.
import { readFile } from 'node:fs/promises';

import { expectedSigner } from '../interop/exhibits.ts';
import { identityOf } from '../interop/signer.ts';
import type { Signer } from '../interop/signer.ts';
import type { Stack } from '../interop/stack.ts';
import type { Endpoints } from '../interop/stack/trust.ts';
import type { Digest } from '../src/model/digest.ts';
import { toBytes } from './bundle-json.ts';
import type { BundleJson } from './bundle-json.ts';
import { compose } from './compose.ts';
import type { Parts } from './compose.ts';
import type { Subject } from './draft.ts';
import type { Ed25519Log } from './services/ed25519-log.ts';
import { certify } from './services/fulcio.ts';
import type { CertifiedKey } from './services/fulcio.ts';
import { alternativeNames, issue, issuerExtension, uri } from './services/issue.ts';
import type { CertificateRequest } from './services/issue.ts';
import { statementAbout } from './statement.ts';
import type { Vector } from './vector.ts';

export interface Workshop {
  readonly stack: Stack;
  readonly ed25519Log: Ed25519Log;
  readonly digest: Digest;
  readonly trustedRoot: RootJson;
  /** The workflow that Fulcio certifies, and how its certificates name it. */
  readonly workflow: Signer;
  readonly signer: NonNullable<Vector['signer']>;
  /** Good bundles. */
  readonly v1: BundleJson;
  readonly v2: BundleJson;
  /** A bundle that is signed by the workflow, about the image, unless the parts say otherwise. */
  readonly sign: (parts?: Partial<Parts>, endpoints?: Endpoints) => Promise<BundleJson>;
  /** Of the workflow, but with these identity extensions, validity and so on instead of what Fulcio would write. */
  readonly issue: (changes: Partial<CertificateRequest>) => Promise<CertifiedKey>;
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
  readonly hashAlgorithm: string;
  readonly baseUrl: string;
  readonly logId: { readonly keyId: string };
  readonly publicKey: { readonly rawBytes: string; readonly keyDetails: string; readonly validFor: Window };
}

interface Window {
  readonly start?: string;
  readonly end?: string;
}

/** No image has it: what a bundle says of an image is all that is judged. */
const DIGEST: Digest = `sha256:${'c0de'.repeat(16)}`;

export async function openWorkshop(stack: Stack, ed25519Log: Ed25519Log): Promise<Workshop> {
  const workflow = expectedSigner(stack);
  const signer = { san: identityOf(workflow), issuer: workflow.issuer.url };
  const root = JSON.parse(await readFile(stack.trust.trustedRoot, 'utf8')) as RootJson;
  const trustedRoot = { ...root, tlogs: [...root.tlogs, ed25519Log.json] };
  const sign: Workshop['sign'] = async (parts = {}, endpoints = stack.endpoints) => {
    const by = parts.by ?? (await certify(stack.endpoints.fulcio, workflow));
    return compose(endpoints, { payload: JSON.stringify(statementAbout(DIGEST)), ...parts, by });
  };
  const identity = [alternativeNames(uri(signer.san)), issuerExtension(signer.issuer)];
  return {
    stack, workflow, signer, trustedRoot, sign, ed25519Log,
    issue: (changes) => issue(stack, { identity, ...changes }),
    digest: DIGEST,
    v1: await sign({ logs: ['Rekor v1 dsse 0.0.1'] }),
    v2: await sign(),
    of: (bundle, changes = {}) => ({ digest: DIGEST, trustedRoot, bundle: Buffer.isBuffer(bundle) ? bundle : toBytes(bundle), ...changes }),
  };
}
