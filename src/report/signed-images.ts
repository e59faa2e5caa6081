// What became of the images of a signing step, in a word each.
import type { SignReport } from '../model/report.ts';
import { includesSubject, namedIn, type Subject } from '../model/subject.ts';
import { areMany, countEach } from './many.ts';

const STATES = ['signed', 'already signed', 'not stored', 'not signed'] as const;
type State = (typeof STATES)[number];

/** `100 images: 60 signed, 38 already signed, 2 not stored`. */
export function countSigned(report: SignReport): string {
  const images = namedIn(report.subjects);
  const states = images.map((image) => stateOf(image, report));
  return `${images.length} images: ${countEach(states, STATES).join(', ')}`;
}

export function areManySigned({ subjects }: Pick<SignReport, 'subjects'>): boolean {
  return areMany(namedIn(subjects));
}

function stateOf(image: Subject, { bundles }: SignReport): State {
  const about = bundles.filter(({ signed }) => includesSubject(signed.subjects, image));
  if (about.length === 0) return 'not signed';
  const isStored = about.every(({ stored }) =>
    stored.some(({ subjects }) => includesSubject(subjects, image)),
  );
  if (!isStored) return 'not stored';
  return about.every(({ signed }) => signed.foundAt) ? 'already signed' : 'signed';
}
