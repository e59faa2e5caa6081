// Verdicts on one image, to be explained.
import type { Seen } from '../../src/model/verdict.ts';
import { DIGEST, ISSUER, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { imageVerdict, NOTHING_SEEN, unacceptable } from './reports.ts';

export const IMAGE = `ghcr.io/acme/app@${DIGEST}`;
export const looked = [
  { place: 'referrers API', answer: '404' },
  { place: 'tag sha256-ab', answer: 'absent' },
];
export const repository = {
  rule: 'repository',
  expected: 'https://github.com/acme/app',
  found: 'https://github.com/mallory/app',
};
export const issuer = { rule: 'issuer', expected: ISSUER, found: 'https://issuer.example' };
export const foreign = unacceptable(verifiedBundle({ place: 'A' }), repository);
export const rejected = (seen: Partial<Seen>): ReturnType<typeof imageVerdict> =>
  imageVerdict({
    ...NOTHING_SEEN,
    outcome: 'rejected',
    unmet: ['signature', 'provenance'],
    ...seen,
  });
