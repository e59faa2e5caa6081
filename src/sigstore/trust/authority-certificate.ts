// A certificate of the trusted root: its relation to the others in the root is computed once, not for every bundle.
import { X509Certificate } from '@sigstore/core';

export class AuthorityCertificate extends X509Certificate {
  #publicKey: Buffer | undefined;
  #der: Buffer | undefined;
  readonly #signedBy = new WeakMap<X509Certificate, boolean>();

  override get publicKey(): Buffer {
    return (this.#publicKey ??= super.publicKey);
  }

  override verify(issuer: X509Certificate = this): boolean {
    if (!(issuer instanceof AuthorityCertificate)) return super.verify(issuer);
    const known = this.#signedBy.get(issuer);
    if (known !== undefined) return known;
    const isSigned = super.verify(issuer);
    this.#signedBy.set(issuer, isSigned);
    return isSigned;
  }

  override equals(other: X509Certificate): boolean {
    if (other instanceof AuthorityCertificate) return this.der.equals(other.der);
    // Encoding DER is most of the work: certificates with different serial numbers are not equal.
    return this.serialNumber.equals(other.serialNumber) && super.equals(other);
  }

  private get der(): Buffer {
    return (this.#der ??= this.root.toDER());
  }
}
