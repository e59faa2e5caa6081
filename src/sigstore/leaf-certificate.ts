// The certificate of a signer, which the bundles of one step share: what an issuer has signed of it is computed once for all of them.
import { X509Certificate } from '@sigstore/core';

export class LeafCertificate extends X509Certificate {
  readonly #der: Buffer<ArrayBuffer>;
  readonly #signedBy = new WeakMap<X509Certificate, boolean>();

  constructor(der: Uint8Array) {
    const own = Buffer.from(der);
    super(X509Certificate.parse(own).root);
    this.#der = own;
  }

  isReadFrom(der: Uint8Array): boolean {
    return this.#der.equals(der);
  }

  override verify(issuer: X509Certificate = this): boolean {
    const known = this.#signedBy.get(issuer);
    if (known !== undefined) return known;
    const isSigned = super.verify(issuer);
    this.#signedBy.set(issuer, isSigned);
    return isSigned;
  }

  /** From the bytes that it was read from: the library writes them anew, which takes longer than to read them. */
  override clone(): X509Certificate {
    return X509Certificate.parse(Buffer.from(this.#der));
  }
}
