// Reads the manifest that is to be signed or tagged, which may have been pushed a moment ago.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError } from '../errors.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest } from './content.ts';

/** Milliseconds: a registry with replicas may not know yet what it has just taken. */
export const LOOK_AGAIN = [500, 1500, 3000];

export async function readSubject(client: RegistryClient, subject: Subject): Promise<Manifest> {
  for (const wait of [...LOOK_AGAIN, undefined]) {
    const manifest = await readManifest(client, subject.digest);
    if (manifest) return manifest;
    if (wait !== undefined) await sleep(wait);
  }
  throw new ActionError('input', 'SUBJECT_MISSING', {
    message: `Cannot sign "${formatSubject(subject)}": the registry has no such manifest`,
    remedy:
      'sign in the job that pushed the image, after the push, and pass its digest: digest: ${{ steps.build.outputs.digest }}',
  });
}
