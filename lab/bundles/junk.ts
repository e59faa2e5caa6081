// Kinds of invalid or excessive data that anyone with push access can add next to a valid bundle, which is always listed last.
import { randomBytes } from 'node:crypto';

import {
  BUNDLE,
  type HostileRegistry,
  INDEX,
  MANIFEST,
  type Victim,
} from '../services/hostile-registry.ts';
import { envelopeOf } from './bundle-json.ts';
import { makeBundle, type Services } from './signing.ts';
import { statementAbout } from './statement.ts';

export interface Junk {
  readonly name: string;
  readonly arrange: (
    registry: HostileRegistry,
    victim: Victim,
    evidence: Evidence,
    amount: Amount,
  ) => void;
}

export interface Amount {
  /** Pieces of a few bytes, or of megabytes that are not to be read. */
  readonly many: number;
  /** Chunks whose megabytes are in their manifest. */
  readonly large: number;
  /** Chunks of 3 MiB that are all in one list. */
  readonly listed: number;
}

/** As many as leave one slot for the valid candidate, and within the 100 MiB of the list. */
export const MOST: Amount = { many: 499, large: 50, listed: 33 };

export interface Evidence {
  /** A bundle of the required identity for the victim; undefined if there is only junk. */
  readonly good: string | undefined;
  /** Valid bundles for the victim, of another repository. */
  readonly foreign: string;
  /** The same with a predicate of many short texts, 15 MiB in all. */
  readonly sbom: string;
  /** The valid bundle with another signature. */
  readonly broken: string;
}

/** Not signed by the action. */
export async function makeEvidence(services: Services, { digest }: Victim): Promise<Evidence> {
  const payload = statementAbout(digest);
  const mallory = { repository: 'mallory/app' };
  const good = await makeBundle(services, { payload });
  const foreign = await makeBundle(services, { payload, claims: mallory });
  const sbom = await makeBundle(services, {
    payload: { ...payload, predicate: { packages: PACKAGES } },
    claims: mallory,
  });
  const other = await makeBundle(services, { payload });
  const broken = { ...good, dsseEnvelope: envelopeOf(other) };
  return {
    good: JSON.stringify(good),
    foreign: JSON.stringify(foreign),
    sbom: JSON.stringify(sbom),
    broken: JSON.stringify(broken),
  };
}

const MEBIBYTE = 1 << 20;
/** JSON of exactly 16 MiB. */
const HUGE = Buffer.from(`{"x":"${'x'.repeat(16 * MEBIBYTE - 8)}"}`);
/** A member with a million values. */
const VALUES = `"x":[${'{},'.repeat((4 * MEBIBYTE) / 3)}{}]`;
const PACKAGES = Array.from({ length: 54_000 }, (_, number) => ({
  SPDXID: `SPDXRef-Package-${number}`,
  name: `library-${number}`,
  versionInfo: `1.${number}.0`,
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'Apache-2.0',
  comment: 'a "quoted" word',
}));
const SIGNATURE_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
const ATTESTATION_LAYER = 'application/vnd.dsse.envelope.v1+json';

type Place = (
  registry: HostileRegistry,
  victim: Victim,
  evidence: Evidence,
  number: number,
) => void;

function often(size: keyof Amount, name: string, place: Place): Junk {
  return {
    name: `${name}, often`,
    arrange(registry, victim, evidence, amount) {
      for (let number = 0; number < amount[size]; number++)
        place(registry, victim, evidence, number);
      referGood(registry, victim, evidence);
    },
  };
}

function tagged(
  name: string,
  suffix: string,
  pieces: (registry: HostileRegistry) => Iterable<Buffer>,
): Junk {
  return {
    name,
    arrange(registry, victim, evidence) {
      registry.tag(`${victim.digest.replace(':', '-')}${suffix}`, () => pieces(registry));
      referGood(registry, victim, evidence);
    },
  };
}

function referGood(registry: HostileRegistry, victim: Victim, { good }: Evidence): void {
  if (good !== undefined) registry.refer(victim, good);
}

const SLOW = (['hang', 'drip', { status: 503 }] as const).flatMap((manner): Junk[] => {
  const does = typeof manner === 'string' ? `${manner}s` : 'answers 503';
  return [
    often('many', `a manifest that ${does}`, (registry, victim) =>
      registry.refer(victim, 'junk', { manifest: manner }),
    ),
    often('many', `a bundle that ${does}`, (registry, victim, _, number) =>
      registry.refer(victim, `junk ${number}`, { blob: manner }),
    ),
  ];
});

/** Over the limit of candidates that are read. */
const OVERFULL: Junk = {
  name: '10,000 entries without a manifest, listed after the valid one',
  arrange(registry, victim, evidence) {
    referGood(registry, victim, evidence);
    for (let number = 0; number < 10_000; number++) {
      const digest = `sha256:${randomBytes(32).toString('hex')}`;
      const entry = { mediaType: MANIFEST, digest, size: 700, artifactType: BUNDLE };
      registry.referrers.push(JSON.stringify(entry));
    }
  },
};

export const JUNK: readonly Junk[] = [
  often('many', 'a bundle that claims 10^15 bytes', (registry, victim) =>
    registry.refer(victim, 'junk', { layerSize: 1e15 }),
  ),
  often('many', 'a bundle that claims 16 MiB and has a few bytes', (registry, victim) =>
    registry.refer(victim, 'junk', { layerSize: 16 * MEBIBYTE }),
  ),
  often('many', 'a bundle that claims a few bytes and has 16 MiB', (registry, victim) =>
    registry.refer(victim, HUGE, { layerSize: 100 }),
  ),
  often('many', 'a bundle of 16 MiB', (registry, victim) => registry.refer(victim, HUGE)),
  often('large', 'a manifest of 4 MiB and a million values', (registry, victim) =>
    registry.refer(victim, 'junk', { members: VALUES }),
  ),
  often('large', 'a manifest of 4 MiB that claims 700 bytes', (registry, victim) =>
    registry.refer(victim, 'junk', { members: VALUES, manifestSize: 700 }),
  ),
  often('many', 'a manifest that is not JSON', (registry, victim) =>
    registry.refer(victim, 'junk', { members: '}{' }),
  ),
  ...SLOW,
  often('listed', '3 MiB of annotations in the list', (registry, victim) =>
    registry.refer(victim, 'junk', { annotations: { x: 'x'.repeat(3 * MEBIBYTE) } }),
  ),
  often('many', 'a bundle of another repository', (registry, victim, { foreign }) =>
    registry.refer(victim, foreign),
  ),
  often(
    'large',
    'a bundle of another repository with an SBOM of 11 MiB',
    (registry, victim, { sbom }) => registry.refer(victim, sbom),
  ),
  often('many', 'the valid bundle with another signature', (registry, victim, { broken }) =>
    registry.refer(victim, broken),
  ),
  tagged('a fallback tag of 90 MB', '', () =>
    document('manifests', INDEX, { digest: 'x'.repeat(80) }),
  ),
  tagged('a fallback tag of 30 million empty objects', '', () => document('manifests', INDEX, {})),
  tagged('a .sig tag of 90 MB, and annotations that are objects', '.sig', (registry) =>
    document('layers', MANIFEST, {
      mediaType: SIGNATURE_LAYER,
      digest: registry.blob(Buffer.from('payload')),
      size: 7,
      annotations: {
        'dev.sigstore.cosign/bundle': { toString: 1 },
        'dev.cosignproject.cosign/signature': [],
      },
    }),
  ),
  tagged('500 layers of 16 MiB in an .att tag', '.att', (registry) => {
    const layer = { mediaType: ATTESTATION_LAYER, digest: registry.blob(HUGE), size: HUGE.length };
    const layers = Array.from({ length: 500 }, (_, number) => ({
      ...layer,
      annotations: { number },
    }));
    return [Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, layers }))];
  }),
  OVERFULL,
];

/** A list of 90 MiB, in chunks, because it is too large to keep in memory. */
function* document(list: string, mediaType: string, entry: object): Iterable<Buffer> {
  const text = JSON.stringify(entry);
  const piece = Buffer.from(`${text},`.repeat(Math.ceil(MEBIBYTE / (text.length + 1))));
  yield Buffer.from(`{"schemaVersion":2,"mediaType":"${mediaType}","${list}":[`);
  for (let written = 0; written < 90 * MEBIBYTE; written += piece.length) yield piece;
  yield Buffer.from(`${text}]}`);
}
