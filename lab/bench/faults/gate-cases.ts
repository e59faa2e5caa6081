// What gates find under faults: where the evidence is, and what the policy says of it.
import { type KillCase, killCases } from '../kills/cases.ts';
import type { Selection } from './requests.ts';

export interface GateCase {
  readonly name: string;
  readonly image: KillCase;
  /** Whether the image is signed before. */
  readonly is: 'signed' | 'unsigned';
  readonly inputs: Readonly<Record<string, string>>;
  readonly requests?: Selection;
}

const named = (wanted: string): KillCase => {
  const found = killCases.find(({ name }) => name === wanted);
  if (!found) throw new Error(`There is no case "${wanted}"`);
  return found;
};

const PLAIN = named('an image');
const BOTH = { require: 'signature, provenance' };

export const gateCases: readonly GateCase[] = [
  { name: 'referrers API', image: PLAIN, is: 'signed', inputs: {} },
  { name: 'fallback tag', image: named('an image, fallback tag'), is: 'signed', inputs: {} },
  { name: 'cosign v2', image: named('cosign v2, an image'), is: 'signed', inputs: {} },
  { name: 'GitHub', image: named('GitHub'), is: 'signed', inputs: { require: 'provenance' } },
  { name: 'both stores', image: named('both stores, provenance'), is: 'signed', inputs: BOTH },
  {
    name: 'every platform',
    image: named('an index, recursive'),
    is: 'signed',
    inputs: { recursive: 'true' },
    requests: { most: 2 },
  },
  { name: 'token realm', image: { ...PLAIN, auth: 'bearer' }, is: 'signed', inputs: {} },
  {
    name: 'trust by TUF',
    image: { ...PLAIN, trust: 'tuf' },
    is: 'signed',
    inputs: {},
    requests: { service: 'tuf' },
  },
  { name: 'unsigned', image: PLAIN, is: 'unsigned', inputs: {} },
  {
    name: 'signed by another',
    image: PLAIN,
    is: 'signed',
    inputs: { repository: 'somebody/else' },
  },
];
