// A second instance, without logs of signatures or certificates, like GitHub's own.
import { type CertificateAuthority, createAuthorities } from '../stack/authorities.ts';
import type { RootJson } from './root.ts';

export interface Unlogged {
  readonly authority: CertificateAuthority;
  readonly trustedRoot: RootJson;
}

/** Its timestamp authority is that of the other instance. */
export function createUnlogged({ timestampAuthorities }: RootJson): Unlogged {
  const { fulcio: authority } = createAuthorities('countersign-unlogged.example');
  const certificates = authority.chain.map((pem) => ({
    rawBytes: pem.replaceAll(/-----[^-]+-----|\s/g, ''),
  }));
  const certificateAuthority = {
    subject: { organization: authority.organization, commonName: authority.commonName },
    uri: 'https://fulcio.unlogged.example',
    certChain: { certificates },
    validFor: { start: '2024-01-01T00:00:00Z' },
  };
  const mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
  return {
    authority,
    trustedRoot: {
      mediaType,
      tlogs: [],
      ctlogs: [],
      certificateAuthorities: [certificateAuthority],
      timestampAuthorities,
    },
  };
}
