// One key and one certificate for all signatures of a step, whatever their number.
import { generateKeyPairSync, sign } from 'node:crypto';
import { FulcioSigner, type Signer } from '@sigstore/sign';
import type { NetworkOptions } from './network.ts';

export interface CertificateSigner extends Signer {
  /** Asks Fulcio now, so that later signatures need not wait; rejects when it refuses. */
  ready(): Promise<void>;
}

/** The key never leaves memory; `token` is presented once. */
export function certificateSigner(
  fulcio: string,
  token: string,
  network: NetworkOptions,
): CertificateSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const holder: Signer = {
    sign: (data) =>
      Promise.resolve({
        signature: sign('sha256', data, privateKey),
        key: {
          $case: 'publicKey',
          publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
        },
      }),
  };
  const fulcioSigner = new FulcioSigner({
    fulcioBaseURL: fulcio,
    identityProvider: { getToken: () => Promise.resolve(token) },
    keyHolder: holder,
    ...network,
  });
  // FulcioSigner asks for a certificate at every signature; the one of the empty message is asked for once and kept.
  let certified: ReturnType<Signer['sign']> | undefined;
  const certify = (): ReturnType<Signer['sign']> =>
    (certified ??= fulcioSigner.sign(Buffer.alloc(0)));
  return {
    async ready() {
      await certify();
    },
    async sign(data) {
      const { key } = await certify();
      return { signature: sign('sha256', data, privateKey), key };
    },
  };
}
