// The artifact of a bundle: the bytes of a file, or only their digest.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Digest, digestOf, hexOf } from '../../src/model/digest.ts';
import { isAbout, type Statement } from '../../src/model/statement.ts';
import { Refusal } from '../../src/sigstore/refusal.ts';
import type { Artifact } from '../../src/sigstore/verify/artifact.ts';
import { signedBytes } from '../../src/sigstore/verify/signed.ts';
import { statementOf } from '../../src/sigstore/verify/signed-statement.ts';
import type { Arguments } from './arguments.ts';
import { signedDigest } from './over-digest.ts';

export interface NamedArtifact {
  readonly digest: Digest;
  /** Undefined if only the digest is known. */
  readonly bytes: Buffer | undefined;
}

export async function readArtifact(artifact: Arguments['artifact']): Promise<NamedArtifact> {
  if ('digest' in artifact) return { digest: artifact.digest, bytes: undefined };
  const bytes = await readFile(artifact.path);
  return { digest: digestOf(bytes), bytes };
}

/** A message signature is over the artifact, and an envelope names it. */
export function fileOf({ digest, bytes }: NamedArtifact): Artifact {
  return {
    messageOf({ messageDigest }) {
      if (bytes) return signedBytes(bytes);
      const signed = messageDigest.digest.toString('hex');
      if (signed === hexOf(digest)) return signedDigest(digest);
      throw new Refusal('SUBJECT', 'message digest', digest, signed);
    },
    claimIn(parsed) {
      if (parsed.bundle.content.$case === 'messageSignature') return { predicateType: 'message' };
      const statement = statementOf(parsed);
      if (isSubject({ digest, bytes }, statement)) return statement;
      const { subject } = statement;
      throw new Refusal('SUBJECT', 'subject', digest, JSON.stringify(subject[0].digest));
    },
  };
}

/** With SHA-256 as in the product, or with SHA-512 for a subject that has no other supported digest. */
function isSubject({ digest, bytes }: NamedArtifact, statement: Statement): boolean {
  if (isAbout(statement, digest)) return true;
  if (!bytes) return false;
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  return statement.subject.some(
    (subject) => subject.digest['sha256'] === undefined && subject.digest['sha512'] === sha512,
  );
}
