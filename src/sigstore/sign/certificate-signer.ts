// One key and one certificate for all signatures of a step, whatever their number.
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Signer } from '@sigstore/sign';
import type { Transport } from '../../http/message.ts';
import { requestCertificate, type TokenHolder } from './fulcio.ts';

/** The key never leaves memory; the token is presented for one certificate. */
export async function certificateSigner(
  fulcio: string,
  holder: TokenHolder,
  transport: Transport,
): Promise<Signer> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = await requestCertificate(fulcio, holder, keys, transport);
  return {
    sign: (data) =>
      Promise.resolve({
        signature: sign('sha256', data, keys.privateKey),
        key: { $case: 'x509Certificate', certificate },
      }),
  };
}
