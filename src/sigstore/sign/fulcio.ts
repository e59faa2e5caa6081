// A certificate for a key of this step: https://github.com/sigstore/fulcio/blob/main/fulcio.proto, CreateSigningCertificate.
import { type KeyObject, sign, X509Certificate } from 'node:crypto';
import { ActionError } from '../../errors.ts';
import { nameOf } from '../../http/faults.ts';
import type { HttpAnswer, Transport } from '../../http/message.ts';
import { isRecord, parseJson } from '../../text/json.ts';
import { isDone, notAnswered } from './signing-service.ts';

/** The holder of the token. */
export interface TokenHolder {
  readonly token: string;
  /** The claim of the token that the key's owner signs. */
  readonly subject: string;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** All of them PEM. */
export interface Certified {
  readonly certificate: string;
  /** The intermediate and root authorities, the issuing one first. */
  readonly chain: readonly string[];
}

const FULCIO = { task: 'get a signing certificate', kind: 'a Fulcio instance' };
const ANSWER_LIMIT = 256 << 10;
/** How Fulcio reports an invalid token or proof of possession. */
const REFUSALS = new Set([400, 401, 403]);
const PEM =
  /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+\r?\n-----END CERTIFICATE-----\s*$/;

/** A certificate of the authority at this base URL, for an ECDSA P-256 key. */
export async function requestCertificate(
  fulcio: string,
  { token, subject }: TokenHolder,
  { privateKey, publicKey }: KeyPair,
  transport: Transport,
): Promise<Certified> {
  const asked = { method: 'POST', url: new URL(`${fulcio}/api/v2/signingCert`) } as const;
  const answer = await transport({
    ...asked,
    limit: ANSWER_LIMIT,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: Buffer.from(
      JSON.stringify({
        credentials: { oidcIdentityToken: token },
        publicKeyRequest: {
          publicKey: {
            algorithm: 'ECDSA',
            content: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
          },
          proofOfPossession: sign('sha256', Buffer.from(subject), privateKey).toString('base64'),
        },
      }),
    ),
  });
  if (REFUSALS.has(answer.status)) {
    throw new ActionError('permission', 'PERMISSION_SIGNER', {
      message: `Cannot ${FULCIO.task}: ${nameOf(asked)} answered ${answer.status}`,
      remedy:
        'check that this Fulcio accepts tokens of the issuer of this server; for GitHub Enterprise Server use a signing configuration of your own with "sigstore"',
    });
  }
  const [leaf, ...authorities] = certificatesIn(answer);
  if (!leaf) throw notAnswered(FULCIO, asked, answer, 'a certificate chain');
  if (!leaf.checkPrivateKey(privateKey)) {
    throw notAnswered(FULCIO, asked, answer, 'a certificate for the key that it was sent');
  }
  return { certificate: leaf.toString(), chain: authorities.map(String) };
}

/** The chain from the leaf on; empty if a part is not a certificate. */
function certificatesIn(answer: HttpAnswer): readonly X509Certificate[] {
  const json = isDone(answer) ? parseJson(answer.body.toString()) : undefined;
  if (!isRecord(json)) return [];
  const signed = json['signedCertificateEmbeddedSct'] ?? json['signedCertificateDetachedSct'];
  const chain = isRecord(signed) ? signed['chain'] : undefined;
  const certificates = isRecord(chain) ? chain['certificates'] : undefined;
  if (!Array.isArray(certificates)) return [];
  const parsed = certificates.map(certificateIn);
  const whole = parsed.filter((certificate) => certificate !== undefined);
  return whole.length === parsed.length ? whole : [];
}

function certificateIn(pem: unknown): X509Certificate | undefined {
  if (typeof pem !== 'string' || !PEM.test(pem)) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
