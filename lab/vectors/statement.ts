// The statement in the vectors: the one that cosign and Countersign create for a signature.
import type { Digest } from '../../src/model/digest.ts';

export type StatementJson = Readonly<Record<string, unknown>>;

export function statementAbout(digest: Digest, changes: StatementJson = {}): StatementJson {
  const subject = [
    { name: 'registry.example/acme/app', digest: { sha256: digest.replace('sha256:', '') } },
  ];
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://sigstore.dev/cosign/sign/v1',
    predicate: {},
    ...changes,
  };
}
