// Another tool that signs: writes bundles by hand, with nothing that the action also uses, so that the gate is tested on foreign work.
import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

import type { OidcHandle, SigstoreHandle } from '../services/start.ts';

export const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';
export const PROVENANCE = 'https://slsa.dev/provenance/v1';

export interface Signing {
  readonly digest: string;
  readonly predicateType?: string;
  /** Claims of the identity token that differ from those of acme/app on its main branch. */
  readonly claims?: Readonly<Record<string, string>>;
}

export type Bundle = Readonly<Record<string, unknown>>;

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** A bundle v0.3 with an entry of Rekor v2 and a timestamp. */
export async function signAsOther({ oidc, sigstore }: { oidc: OidcHandle; sigstore: SigstoreHandle }, { digest, predicateType = SIGNATURE, claims = {} }: Signing): Promise<Bundle> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await oidc.set({ claims });
  const token = await oidc.token('sigstore');
  await oidc.set({ claims: {} });
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
  const answer = await post(`${sigstore.fulcio}/api/v2/signingCert`, {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: publicKey.export({ format: 'pem', type: 'spki' }) },
      proofOfPossession: sign('sha256', Buffer.from(sub), privateKey).toString('base64'),
    },
  });
  const { chain } = ((await answer.json()) as { signedCertificateEmbeddedSct: { chain: { certificates: string[] } } }).signedCertificateEmbeddedSct;
  const rawBytes = new X509Certificate(chain.certificates[0] ?? '').raw.toString('base64');

  const subject = [{ name: 'image', digest: { sha256: digest.replace('sha256:', '') } }];
  const payload = Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: {} }));
  const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
  const signature = sign('sha256', encoded, privateKey);
  const stamp = await post(`${sigstore.tsa}/api/v1/timestamp`, { artifactHash: sha256(signature), hashAlgorithm: 'sha256' });
  const entry = await post(`${sigstore.rekorV2}/api/v2/log/entries`, {
    hashedRekordRequestV002: {
      digest: sha256(encoded),
      signature: { content: signature.toString('base64'), verifier: { x509Certificate: { rawBytes }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' } },
    },
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes },
      tlogEntries: [await entry.json()],
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: Buffer.from(await stamp.arrayBuffer()).toString('base64') }] },
    },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: PAYLOAD_TYPE, signatures: [{ sig: signature.toString('base64'), keyid: '' }] },
  };
}

async function post(url: string, body: object): Promise<Response> {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
