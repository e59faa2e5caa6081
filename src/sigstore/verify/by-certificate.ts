// The certificate of a bundle: its issuer, its purpose and its subject. Sigstore client specification, "Verification", "Certificate".
import type { Bundle } from '@sigstore/bundle';
import type { X509Certificate } from '@sigstore/core';
import type { NonEmpty } from '../../model/non-empty.ts';
import type { SignerIdentity } from '../../model/identity.ts';
import { isProblem } from '../../text/parsed.ts';
import { identityOf, isForCodeSigning } from '../certificate.ts';
import { confirmingRoots } from './engine.ts';
import { Refusal } from '../refusal.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';

/** The certificate in DER; undefined if the bundle has a public key instead. */
export function certificateIn({ verificationMaterial: { content } }: Bundle): Buffer | undefined {
  switch (content.$case) {
    case 'certificate':
      return content.certificate.rawBytes;
    case 'x509CertificateChain': {
      // Authorities come only from the trusted root; protobuf-specs, `VerificationMaterial`, requires that those in old bundles are ignored.
      const [leaf] = content.x509CertificateChain.certificates;
      if (leaf) return leaf.rawBytes;
      throw new Refusal('BUNDLE_MALFORMED', 'certificate', 'a certificate', 'an empty chain');
    }
    case 'publicKey':
      return undefined;
  }
}

/** The roots with which `check` succeeds, among those that contain the issuer. Throws `Undecided` if only another root could decide. */
export async function issuersOf(
  certificate: X509Certificate,
  trusted: TrustStore,
  check: (trust: Trust) => void,
): Promise<NonEmpty<Trust>> {
  const { known, other } = await trusted.issuersOf(certificate);
  try {
    return confirmingRoots(known, unknownIssuer, check);
  } catch (error) {
    throw other ? new Undecided(other, error) : error;
  }
}

/** Thrown if another trusted root may succeed where the known ones do not. */
export class Undecided extends Error {
  readonly load: () => Promise<readonly Trust[]>;

  constructor(load: Undecided['load'], cause: unknown) {
    super('only another trusted root could tell', { cause });
    this.load = load;
  }
}

function unknownIssuer(): Refusal {
  return new Refusal(
    'CERTIFICATE',
    'certificate',
    'issued by a trusted authority',
    'an issuer that is not a trusted authority',
  );
}

export function checkUsage(certificate: X509Certificate): void {
  if (isForCodeSigning(certificate)) return;
  throw new Refusal('CERTIFICATE_USAGE', 'certificate usage', 'code signing', 'another use');
}

export function signerNamedBy(certificate: X509Certificate): SignerIdentity {
  const signer = identityOf(certificate);
  if (!isProblem(signer)) return signer.value;
  throw new Refusal(
    'CERTIFICATE_IDENTITY',
    'certificate identity',
    'one subject alternative name and an issuer',
    signer.problem,
  );
}
