// Reads the manifest that will be signed or tagged, which may have been pushed a moment ago.
import { lookAgain } from '../concurrency/look-again.ts';
import { ActionError } from '../errors.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest } from './content.ts';

export type OnManifest = (subject: Subject, manifest: Manifest) => void;

/** `onManifest` receives what was read. */
export async function readSubject(
  client: RegistryClient,
  subject: Subject,
  onManifest?: OnManifest,
): Promise<Manifest> {
  const manifest = await lookAgain(() => readManifest(client, subject.digest));
  if (manifest) {
    onManifest?.(subject, manifest);
    return manifest;
  }
  throw new ActionError('input', 'SUBJECT_MISSING', {
    message: `Cannot sign "${formatSubject(subject)}": the registry has no such manifest`,
    remedy:
      'sign in the job that pushed the image, after the push, and pass its digest: digest: ${{ steps.build.outputs.digest }}',
  });
}
