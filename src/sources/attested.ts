// Signatures of an attestation manifest, as bundles about the image that its statement is about.
import type { Attested, FoundBundle } from '../model/bundle.ts';
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
        else yield { found: within(discovery.found, attested) };
      }
    },
  };
}

/** A layer of cosign v2 has its bytes in accessors, which a spread would lose. */
function within(found: FoundBundle, attested: Attested): FoundBundle {
  const { source, place, json, layer, annotations } = found;
  return {
    source,
    place,
    json,
    attested,
    ...(layer ? { layer } : {}),
    ...(annotations ? { annotations } : {}),
  };
}
