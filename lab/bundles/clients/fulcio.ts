// A certificate of Fulcio: https://github.com/sigstore/fulcio/blob/main/docs/certificate-issuing.md
import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';

import { algorithmOf } from '../algorithm.ts';
import { type CertifiedHolder, certifiedHolder } from '../holder.ts';
import { postForJson } from './post.ts';

/** For the subject of the token, with a new key unless one is given. */
export async function certify(
  fulcio: string,
  token: string,
  key: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
): Promise<CertifiedHolder> {
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
  return certifiedHolder(key, new X509Certificate(pem).raw);
}
