// The artifact of a bundle: the bytes of a file, or only their digest.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Digest, digestOf } from '../../src/model/digest.ts';
import { isAbout, type Statement } from '../../src/model/statement.ts';
import type { Arguments } from './arguments.ts';

export interface Artifact {
  readonly digest: Digest;
  /** Undefined when only the digest is known. */
  readonly bytes: Buffer | undefined;
}

export async function readArtifact(artifact: Arguments['artifact']): Promise<Artifact> {
  if ('digest' in artifact) return { digest: artifact.digest, bytes: undefined };
  const bytes = await readFile(artifact.path);
  return { digest: digestOf(bytes), bytes };
}

/** By SHA-256 as in the product, or by SHA-512 for a subject that has no other digest that we know. */
export function isSubject({ digest, bytes }: Artifact, statement: Statement): boolean {
  if (isAbout(statement, digest)) return true;
  if (!bytes) return false;
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  return statement.subject.some(
    (subject) => subject.digest['sha256'] === undefined && subject.digest['sha512'] === sha512,
  );
}
