// The issuer of a certificate decides which log entries and timestamps are required: GitHub's instance has no log, and that does not exempt any other.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { startSigstore } from '../../lab/services/start.ts';
import { attach } from './attach.ts';
import { type BundleJson, changed, envelopeOf } from '../../lab/bundles/bundle-json.ts';
import { timestamp } from '../../lab/bundles/clients/timestamp.ts';
import type { Parts } from '../../lab/bundles/compose.ts';
import { makeBundle } from '../../lab/bundles/signing.ts';
import { statementAbout } from '../../lab/bundles/statement.ts';
import { entries, type Image, ISSUER, startWorld, type World } from './world.ts';

const world = await startWorld();
const github = await startSigstore({
  organization: 'GitHub, Inc.',
  sct: 'none',
  checkpointDelay: 10,
  issuers: [{ issuer: ISSUER, jwks: world.oidc.jwks }],
});
const atGitHub = { ...world, sigstore: { ...github } };
const roots = [world.sigstore.trustedRoot, { ...github.trustedRoot, tlogs: [], ctlogs: [] }].map(
  (root) => JSON.stringify(root),
);
const directory = await mkdtemp(join(tmpdir(), 'roots-'));
const files = {
  'public good first': join(directory, 'a.jsonl'),
  'GitHub first': join(directory, 'b.jsonl'),
};
await Promise.all([
  writeFile(files['public good first'], roots.join('\n')),
  writeFile(files['GitHub first'], roots.toReversed().join('\n')),
]);

type Authority = Pick<World, 'oidc' | 'sigstore'>;

async function push(content: string, sign: (image: Image) => Promise<BundleJson>): Promise<Image> {
  const image = await world.push('acme/app', { content });
  await attach(world, image, await sign(image));
  return image;
}

const by =
  (authority: Authority, witnesses: Pick<Parts, 'logs' | 'timestamp'> = {}) =>
  (image: Image): Promise<BundleJson> =>
    makeBundle(authority, { payload: statementAbout(image.digest), ...witnesses });

/** Signed with one instance, and the signature timestamped by the other. */
const stampedBy =
  (sign: (image: Image) => Promise<BundleJson>, { sigstore }: Authority) =>
  async (image: Image): Promise<BundleJson> => {
    const bundle = await sign(image);
    const signature = Buffer.from(envelopeOf(bundle).signatures[0]?.sig ?? '', 'base64');
    const signedTimestamp = await timestamp(sigstore.tsa, signature, 'with certificates');
    const timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp }] };
    return changed(bundle, ({ verificationMaterial }) =>
      Object.assign(verificationMaterial, { timestampVerificationData }),
    );
  };

const unlogged = { logs: [] } as const;
const embedded = { timestamp: 'with certificates' } as const;

const exhibits: readonly (readonly [string, Image, string])[] = [
  ['of the public-good instance, in the log', await push('logged', by(world)), 'accepted'],
  [
    'of the public-good instance, with a timestamp alone',
    await push('unlogged', by(world, unlogged)),
    'TRANSPARENCY_LOG',
  ],
  [
    "of GitHub's instance, with a timestamp alone",
    await push('github', by(atGitHub, unlogged)),
    'accepted',
  ],
  [
    "of GitHub's instance, in a log that it does not have",
    await push('github logged', by(atGitHub)),
    'TRANSPARENCY_LOG',
  ],
  [
    'of the public-good instance, with a timestamp that has its certificates in it',
    await push('embedded', by(world, embedded)),
    'accepted',
  ],
  [
    "of GitHub's instance, with a timestamp that has its certificates in it",
    await push('github embedded', by(atGitHub, { ...unlogged, ...embedded })),
    'accepted',
  ],
  [
    "of the public-good instance, stamped by GitHub's authority, which proves itself",
    await push('mixed', stampedBy(by(world), atGitHub)),
    'TIMESTAMP',
  ],
  [
    "of GitHub's instance, stamped by the public-good authority, which proves itself",
    await push('mixed too', stampedBy(by(atGitHub, unlogged), world)),
    'TIMESTAMP',
  ],
];
const images = exhibits.map(([, { reference }]) => reference).join('\n');
const both = {
  'public good first': await world.fromEach({
    mode: 'verify',
    images,
    'trusted-root': files['public good first'],
  }),
  'GitHub first': await world.fromEach({
    mode: 'verify',
    images,
    'trusted-root': files['GitHub first'],
  }),
};
const one = await world.fromEach({ mode: 'verify', images });

afterAll(() => Promise.all([world.stop(), github.stop()]));

describe.each(entries)('gate run from %s', (entry) => {
  const outcomesOf = (runs: typeof one): readonly (readonly [string, string | undefined])[] => {
    const results = JSON.parse(runs[entry].outputs['results'] ?? '[]') as {
      verdict: string;
      rejections: { code: string }[];
    }[];
    return exhibits.map(([name], index) => [
      name,
      results[index]?.verdict === 'accepted' ? 'accepted' : results[index]?.rejections[0]?.code,
    ]);
  };

  test.each(['public good first', 'GitHub first'] as const)(
    'applies to each bundle the rules of its issuer, with trusted roots in the order: %s',
    (order) => {
      expect(outcomesOf(both[order])).toEqual(exhibits.map(([name, , outcome]) => [name, outcome]));
    },
  );

  test('rejects a bundle of an instance that the trusted root does not contain', () => {
    expect(outcomesOf(one).map(([, outcome]) => outcome)).toEqual([
      'accepted',
      'TRANSPARENCY_LOG',
      'CERTIFICATE',
      'CERTIFICATE',
      'accepted',
      'CERTIFICATE',
      'TIMESTAMP',
      'CERTIFICATE',
    ]);
  });
});
