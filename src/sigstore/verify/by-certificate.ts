// The certificate half of the verifier: the chain, its witnesses and the signer that it names. Sigstore client specification, "Verification".
import type { Bundle } from '@sigstore/bundle';
import type { HasSigned } from '../../keys/signature.ts';
import type { FoundBundle } from '../../model/bundle.ts';
import type { SignerIdentity } from '../../model/identity.ts';
import { isProblem } from '../../text/parsed.ts';
import { identityOf, isForCodeSigning, parseCertificate } from '../certificate.ts';
import { firstToHold, runEngine } from './engine.ts';
import { checkRecordedKeys } from './log-entry-key.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { Refusal } from '../refusal.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';

export async function verifyByCertificate(
  parsed: ParsedBundle,
  { layer }: FoundBundle,
  trusted: TrustStore,
  isSignedBy?: HasSigned,
): Promise<{ readonly signer: SignerIdentity; readonly trust: Trust }> {
  const der = certificateOf(parsed.bundle);
  const certificate = parseCertificate(der);
  const unknown = (): Refusal =>
    new Refusal(
      'CERTIFICATE',
      'certificate',
      'issued by a trusted authority',
      'an issuer that is not a trusted authority',
    );
  const { known, other } = await trusted.issuersOf(certificate);
  const trust = orUndecided(other, () =>
    firstToHold(known, unknown, (each) => runEngine(parsed, each, layer, isSignedBy)),
  );
  if (!isForCodeSigning(certificate))
    throw new Refusal('CERTIFICATE_USAGE', 'certificate usage', 'code signing', 'another use');
  checkRecordedKeys(parsed.bundle, der, 'the certificate of the bundle');
  const signer = identityOf(certificate);
  if (isProblem(signer))
    throw new Refusal(
      'CERTIFICATE_IDENTITY',
      'certificate identity',
      'one subject alternative name and an issuer',
      signer.problem,
    );
  return { signer: signer.value, trust };
}

/** Thrown where another trusted root may hold what the known ones do not. */
export class Undecided extends Error {
  readonly load: () => Promise<readonly Trust[]>;

  constructor(load: Undecided['load'], cause: unknown) {
    super('only another trusted root could tell', { cause });
    this.load = load;
  }
}

function orUndecided(other: Undecided['load'] | undefined, check: () => Trust): Trust {
  try {
    return check();
  } catch (error) {
    throw other ? new Undecided(other, error) : error;
  }
}

function certificateOf({ verificationMaterial: { content } }: Bundle): Buffer {
  switch (content.$case) {
    case 'certificate':
      return content.certificate.rawBytes;
    case 'x509CertificateChain': {
      // Authorities come from the trusted root alone; protobuf-specs, `VerificationMaterial`, has those in old bundles ignored.
      const [leaf] = content.x509CertificateChain.certificates;
      if (!leaf)
        throw new Refusal('BUNDLE_MALFORMED', 'certificate', 'a certificate', 'an empty chain');
      return leaf.rawBytes;
    }
    case 'publicKey':
      throw new Refusal('KEY', 'signer', 'a certificate', 'a key; "key" names the keys to trust');
  }
}
