// Whether the services of an instance can log what is signed in cosign v2's format.
import type { SignRequest } from '../model/request.ts';
import { assertFormatIsLogged } from '../sigstore/sign/layer-signer.ts';
import type { SigningServices } from '../sigstore/sign/signing-config.ts';
import type { OwnKey } from './key-signing.ts';

/** Throws `input` errors. */
export function assertFormatsFit(
  { stores, claims }: SignRequest,
  services: SigningServices,
  key: OwnKey | undefined,
): void {
  if (!stores.includes('legacy')) return;
  const isSigned = claims.some(({ kind }) => kind === 'signature');
  const payloads = isSigned ? 'with payloads' : 'envelopes alone';
  assertFormatIsLogged(services, payloads, key?.pair.publicKey);
}
