// A certificate of Fulcio for a new key: https://github.com/sigstore/fulcio/blob/main/docs/certificate-issuing.md
import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';

import { type Signer, tokenOf } from '../../peers/signer.ts';
import { algorithmOf } from '../algorithm.ts';
import { postForJson } from './post.ts';

export interface CertifiedKey {
  readonly key: KeyObject;
  /** DER. */
  readonly certificate: Buffer;
}

/** `key` is another certificate's when it is given. */
export async function certify(
  fulcio: string,
  signer: Signer,
  key: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
): Promise<CertifiedKey> {
  const token = tokenOf(signer);
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
  };
  const publicKey = createPublicKey(key).export({ format: 'pem', type: 'spki' });
  const answer = (await postForJson(`${fulcio}/api/v2/signingCert`, {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: {
        algorithm: key.asymmetricKeyType === 'rsa' ? 'RSA_PSS' : 'ECDSA',
        content: publicKey,
      },
      proofOfPossession: sign(algorithmOf(key).hash, Buffer.from(sub), key).toString('base64'),
    },
  })) as { signedCertificateEmbeddedSct: { chain: { certificates: string[] } } };
  const [pem = ''] = answer.signedCertificateEmbeddedSct.chain.certificates;
  return { key, certificate: new X509Certificate(pem).raw };
}
