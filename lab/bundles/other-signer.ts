// Another tool that signs: writes bundles by hand, with nothing that the action also uses, so that the gate is tested on foreign work.
import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

import { type Kind, signWith } from './keys.ts';
import type { OidcHandle, SigstoreHandle } from '../services/start.ts';

export const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';
export const PROVENANCE = 'https://slsa.dev/provenance/v1';

export interface Signing {
  readonly digest: string;
  readonly predicateType?: string;
  readonly predicate?: object;
  /** Claims of the identity token that differ from those of acme/app on its main branch. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Whether Rekor v2 has it; a timestamp it always has. */
  readonly log?: 'rekor2' | 'none';
  /** Whether the timestamp has the certificates of its authority in it. */
  readonly certificates?: 'left out' | 'embedded';
}

export type Bundle = Readonly<Record<string, unknown>>;
export type Authorities = Readonly<{ oidc: OidcHandle; sigstore: SigstoreHandle }>;

/** Somebody who signs, with a certificate or with a key that others know. */
export interface Holder {
  sign(data: Buffer): Buffer;
  /** Of the certificate, else of the public key. */
  readonly pem: string;
  readonly verifier: { readonly kind: 'certificate' | 'publicKey'; readonly rawBytes: string };
  /** Name of the algorithm in Rekor v2, where it has one for the key. */
  readonly algorithm: string | undefined;
}

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const ALGORITHMS: Readonly<Record<string, string>> = {
  'ECDSA P-256': 'PKIX_ECDSA_P256_SHA_256',
  'ECDSA P-384 with SHA-384': 'PKIX_ECDSA_P384_SHA_384',
  'RSA PKCS#1 v1.5': 'PKIX_RSA_PKCS1V15_2048_SHA256',
};

/** A bundle v0.3 with a certificate. */
export async function signAsOther(
  authorities: Authorities,
  { claims, ...signing }: Signing,
): Promise<Bundle> {
  return signWithHolder(authorities, await certify(authorities, claims), signing);
}

/** A bundle v0.3 with the certificate or the key of this holder. */
export async function signWithHolder(
  { sigstore }: Authorities,
  holder: Holder,
  { digest, predicateType = SIGNATURE, predicate, log = 'rekor2', certificates }: Signing,
): Promise<Bundle> {
  const payload = statementAbout(digest, predicateType, predicate);
  const encoded = preAuthEncoding(payload);
  const signature = holder.sign(encoded);
  const { kind, rawBytes } = holder.verifier;
  const entries =
    log === 'none' || holder.algorithm === undefined
      ? []
      : [await logged(sigstore, encoded, signature, holder)];
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      ...(kind === 'certificate' ? { certificate: { rawBytes } } : { publicKey: { hint: 'key' } }),
      tlogEntries: entries,
      timestampVerificationData: {
        rfc3161Timestamps: [
          { signedTimestamp: await timestamp(sigstore, signature, certificates) },
        ],
      },
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  };
}

/** A new key with a certificate from Fulcio. */
export async function certify(
  { oidc, sigstore }: Authorities,
  claims: Readonly<Record<string, string>> = {},
): Promise<Holder> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await oidc.set({ claims });
  const token = await oidc.token('sigstore');
  await oidc.set({ claims: {} });
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
  };
  const answer = await post(`${sigstore.fulcio}/api/v2/signingCert`, {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: publicKey.export({ format: 'pem', type: 'spki' }) },
      proofOfPossession: sign('sha256', Buffer.from(sub), privateKey).toString('base64'),
    },
  });
  const { chain } = (
    (await answer.json()) as { signedCertificateEmbeddedSct: { chain: { certificates: string[] } } }
  ).signedCertificateEmbeddedSct;
  const pem = chain.certificates[0] ?? '';
  const rawBytes = new X509Certificate(pem).raw.toString('base64');
  return {
    sign: (data) => sign('sha256', data, privateKey),
    pem,
    verifier: { kind: 'certificate', rawBytes },
    algorithm: 'PKIX_ECDSA_P256_SHA_256',
  };
}

export function holderOf(kind: Kind): Holder {
  const { publicKey } = kind.pair;
  const rawBytes = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  return {
    sign: (data) => signWith(kind, data),
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    verifier: { kind: 'publicKey', rawBytes },
    algorithm: ALGORITHMS[kind.name],
  };
}

export function statementAbout(
  digest: string,
  predicateType: string,
  predicate: object = {},
): Buffer {
  const subject = [{ name: 'image', digest: { sha256: digest.replace('sha256:', '') } }];
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType,
      predicate,
    }),
  );
}

export function preAuthEncoding(payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ]);
}

/** The answer of the timestamp authority, in base64; it has its certificates in it when that is asked for. */
export async function timestamp(
  sigstore: SigstoreHandle,
  data: Buffer,
  certificates: 'left out' | 'embedded' = 'left out',
): Promise<string> {
  const answer = await post(`${sigstore.tsa}/api/v1/timestamp`, {
    artifactHash: digestOf('sha256', data),
    hashAlgorithm: 'sha256',
    certificates: certificates === 'embedded',
  });
  return Buffer.from(await answer.arrayBuffer()).toString('base64');
}

async function logged(
  sigstore: SigstoreHandle,
  encoded: Buffer,
  signature: Buffer,
  { verifier: { kind, rawBytes }, algorithm = '' }: Holder,
): Promise<unknown> {
  const digest = digestOf(algorithm.endsWith('SHA_384') ? 'sha384' : 'sha256', encoded);
  const verifier = {
    [kind === 'certificate' ? 'x509Certificate' : 'publicKey']: { rawBytes },
    keyDetails: algorithm,
  };
  const entry = await post(`${sigstore.rekorV2}/api/v2/log/entries`, {
    hashedRekordRequestV002: {
      digest,
      signature: { content: signature.toString('base64'), verifier },
    },
  });
  return entry.json();
}

export async function post(url: string, body: object): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

function digestOf(hash: string, bytes: Buffer): string {
  return createHash(hash).update(bytes).digest('base64');
}
