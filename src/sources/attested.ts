// Signatures of an attestation manifest, as bundles for the image that its statement is about.
import type { Attested } from '../model/found.ts';
import type { Subject } from '../model/subject.ts';
import type { Source } from './source.ts';

export function attestedSource(
  source: Source,
  { subject, attested }: { readonly subject: Subject; readonly attested: Attested },
): Source {
  return {
    name: source.name,
    async *find(_image, signal) {
      for await (const discovery of source.find(subject, signal)) {
        if (!('found' in discovery)) yield discovery;
        else yield { found: { ...discovery.found, attested } };
      }
    },
  };
}
