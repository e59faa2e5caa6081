// A bundle in the form that GitHub's store accepts.
export function bundleAbout(
  digest: string,
  predicateType = 'https://slsa.dev/provenance/v1',
  signature = 'eA==',
): object {
  const subject = [{ name: 'app', digest: { sha256: digest.slice('sha256:'.length) } }];
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType,
      predicate: {},
    }),
  ).toString('base64');
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {},
    dsseEnvelope: {
      payload,
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: signature }],
    },
  };
}
