// Bundles made on the embedded Sigstore, good ones and ones that are wrong in exactly one place.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Bundle, bundleToJSON } from '@sigstore/bundle';
import { dsse, pem } from '@sigstore/core';
import { TransparencyLogEntry } from '@sigstore/protobuf-specs';
import {
  DSSEBundleBuilder,
  FulcioSigner,
  RekorWitness,
  type Signer,
  TSAWitness,
  type Witness,
} from '@sigstore/sign';
import { createTransport } from '../../src/http/transport.ts';
import { PAYLOAD_TYPE } from '../../src/model/statement.ts';
import { rekorV2Witness } from '../../src/sigstore/sign/rekor-v2.ts';
import { trustFromFile } from '../../src/sigstore/trust/trust-file.ts';
import { byCertificates } from '../../src/sigstore/verify/trusted.ts';
import { type Conclude, conclusive, createVerifier } from '../../src/sigstore/verify/verifier.ts';
import {
  type OidcHandle,
  type SigstoreHandle,
  startOidc,
  startSigstore,
  type TrustFiles,
} from '../services/start.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const DIGEST = `sha256:${'ab'.repeat(32)}` as const;

export interface Instance {
  readonly sigstore: SigstoreHandle;
  readonly oidc: OidcHandle;
  readonly trust: TrustFiles;
  readonly verify: Conclude;
  stop(): Promise<unknown>;
}

export interface Algorithm {
  readonly curve: 'P-256' | 'P-384' | 'P-521';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

const P256: Algorithm = { curve: 'P-256', hash: 'sha256' };

/** A bundle as parsed JSON, to be changed and serialised again. */
export interface BundleJson {
  mediaType: string;
  verificationMaterial: {
    certificate?: { rawBytes: string };
    tlogEntries: LogEntryJson[];
    timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] };
    publicKey?: { hint: string };
  };
  dsseEnvelope?: { payload: string; payloadType: string; signatures: { sig: string }[] };
  messageSignature?: { messageDigest: { algorithm: string; digest: string }; signature: string };
}

/** ProtoJSON leaves a zero out. */
export interface LogEntryJson {
  logIndex?: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  integratedTime?: string;
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof?: {
    logIndex?: string;
    rootHash: string;
    treeSize: string;
    hashes?: string[];
    checkpoint: { envelope: string };
  };
  canonicalizedBody: string;
}

export async function startInstance({
  visibility = 'public',
  ...options
}: {
  readonly organization?: string;
  readonly sct?: 'none';
  /** Of the repository that signs. */
  readonly visibility?: 'public' | 'private';
} = {}): Promise<Instance> {
  const claims = { repository_visibility: visibility };
  const oidc = await startOidc({ issuer: ISSUER, claims });
  const sigstore = await startSigstore({
    ...options,
    issuers: [{ issuer: ISSUER, jwks: oidc.jwks }],
  });
  const trust = await sigstore.writeTrust();
  const verify = conclusive(createVerifier(byCertificates(await trustFromFile(trust.trustedRoot))));
  return { sigstore, oidc, trust, verify, stop: () => Promise.all([oidc.stop(), sigstore.stop()]) };
}

export function statement(digest: string = DIGEST): object {
  const subject = [
    { name: 'registry.example/acme/app', digest: { sha256: digest.replace('sha256:', '') } },
  ];
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://sigstore.dev/cosign/sign/v1',
    predicate: {},
  };
}

/** `log` says which logs witness it, a timestamp always does. */
export async function makeBundle(
  { sigstore, oidc }: Instance,
  {
    payload = statement(),
    payloadType = PAYLOAD_TYPE,
    log = 'v2',
    algorithm = P256,
  }: {
    payload?: object | string;
    payloadType?: string;
    log?: 'v1' | 'v2' | 'none';
    algorithm?: Algorithm;
  } = {},
): Promise<BundleJson> {
  const { signer } = certifiedKey(sigstore, oidc, algorithm);
  const witnesses: Witness[] = [new TSAWitness({ tsaBaseURL: sigstore.tsa })];
  if (log === 'v1')
    witnesses.push(new RekorWitness({ rekorBaseURL: sigstore.rekorV1, entryType: 'dsse' }));
  if (log === 'v2')
    witnesses.push(
      algorithm.hash === 'sha384'
        ? longDigestWitness(sigstore.rekorV2)
        : rekorV2Witness(sigstore.rekorV2, () => Promise.resolve([]), transport),
    );
  const data = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return toJson(
    await new DSSEBundleBuilder({ signer, witnesses }).create({ data, type: payloadType }),
  );
}

/** The log entry records another certificate of the same key than the bundle shows. */
export async function makeBundleWithForeignEntry(instance: Instance): Promise<BundleJson> {
  const { sigstore, oidc } = instance;
  const { signer, certify } = certifiedKey(sigstore, oidc);
  const bundle = await new DSSEBundleBuilder({
    signer,
    witnesses: [new TSAWitness({ tsaBaseURL: sigstore.tsa })],
  }).create({ data: Buffer.from(JSON.stringify(statement())), type: PAYLOAD_TYPE });
  const { tlogEntries } = await new RekorWitness({
    rekorBaseURL: sigstore.rekorV1,
    entryType: 'dsse',
  }).testify(bundle.content, await certify());
  bundle.verificationMaterial.tlogEntries = tlogEntries;
  return toJson(bundle);
}

/** As other clients log a P-384 key, whose hash in the algorithm registry is SHA-384. */
function longDigestWitness(url: string): Witness {
  return {
    async testify(content, certificate) {
      if (content.$case !== 'dsseEnvelope') throw new TypeError('no envelope');
      const { payload, payloadType, signatures } = content.dsseEnvelope;
      const digest = createHash('sha384')
        .update(dsse.preAuthEncoding(payloadType, payload))
        .digest('base64');
      const verifier = {
        x509Certificate: { rawBytes: pem.toDER(certificate).toString('base64') },
        keyDetails: 'PKIX_ECDSA_P384_SHA_384',
      };
      const body = JSON.stringify({
        hashedRekordRequestV002: {
          digest,
          signature: { content: signatures[0]?.sig.toString('base64'), verifier },
        },
      });
      const answer = await fetch(`${url}/api/v2/log/entries`, { method: 'POST', body });
      const { logId, kindVersion, ...entry } = TransparencyLogEntry.fromJSON(await answer.json());
      if (!logId || !kindVersion) throw new TypeError(`the log answered ${answer.status}`);
      return { tlogEntries: [{ ...entry, logId, kindVersion }] };
    },
  };
}

const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });

/** One key; `certify` gets a new certificate for it, the signer keeps its first. */
function certifiedKey(
  sigstore: SigstoreHandle,
  oidc: OidcHandle,
  { curve, hash }: Algorithm = P256,
): { signer: Signer; certify: () => Promise<string> } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const keyHolder: Signer = {
    sign: (data) =>
      Promise.resolve({
        signature: sign('sha256', data, privateKey),
        key: { $case: 'publicKey', publicKey: pem },
      }),
  };
  const fulcio = new FulcioSigner({
    fulcioBaseURL: sigstore.fulcio,
    identityProvider: { getToken: () => oidc.token('sigstore') },
    keyHolder,
  });
  const certify = async (): Promise<string> => {
    const { key } = await fulcio.sign(Buffer.alloc(0));
    if (key.$case !== 'x509Certificate') throw new TypeError('no certificate');
    return key.certificate;
  };
  const first = certify();
  return {
    certify,
    signer: {
      sign: async (data) => ({
        signature: sign(hash, data, privateKey),
        key: { $case: 'x509Certificate', certificate: await first },
      }),
    },
  };
}

function toJson(bundle: Bundle): BundleJson {
  return bundleToJSON(bundle) as unknown as BundleJson;
}

/** The trusted root of an instance with parts of another one's. */
export async function mixedRoot(
  own: Instance,
  other: Instance,
  parts: readonly ('certificateAuthorities' | 'tlogs' | 'ctlogs' | 'timestampAuthorities')[],
): Promise<object> {
  const read = async ({ trust }: Instance): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(trust.trustedRoot, 'utf8')) as Record<string, unknown>;
  const foreign = await read(other);
  return {
    ...(await read(own)),
    ...Object.fromEntries(parts.map((part) => [part, foreign[part]])),
  };
}
