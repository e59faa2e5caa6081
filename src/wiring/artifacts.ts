// Reports that a subject is not an image: Helm charts and other artifacts are signed and verified as well, but the digest may be a mistake.
import { formatSubject } from '../model/subject.ts';
import { artifactTypeOf } from '../registry/artifact.ts';
import type { OnManifest } from '../registry/read-subject.ts';
import { forLog } from '../report/untrusted.ts';

/** Each artifact once. */
export function artifactReporter(report: (message: string) => void): OnManifest {
  const reported = new Set<string>();
  return (subject, manifest) => {
    const name = formatSubject(subject);
    const type = artifactTypeOf(manifest);
    if (type === undefined || reported.has(name)) return;
    reported.add(name);
    report(forLog(`Not an image: ${name} is an artifact of type ${type}`));
  };
}
