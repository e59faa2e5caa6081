// The statement that cosign and Countersign create for a signature, with optional changes.
export type StatementJson = Readonly<Record<string, unknown>>;

export const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';
export const PROVENANCE = 'https://slsa.dev/provenance/v1';
/** Not the digest of any image. */
export const DIGEST = `sha256:${'ab'.repeat(32)}` as const;

export function statementAbout(
  digest: string = DIGEST,
  changes: StatementJson = {},
): StatementJson {
  const subject = [
    { name: 'registry.example/acme/app', digest: { sha256: digest.replace('sha256:', '') } },
  ];
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: SIGNATURE,
    predicate: {},
    ...changes,
  };
}
