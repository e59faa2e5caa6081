// Every kind of key that cosign supports, each with a bundle and with a `.sig` layer: accepted with that key, rejected with another key of its kind and with a changed payload.
import { afterAll, describe, expect, test } from '@jest/globals';

import { parsePublicKeys } from '../../src/keys/public-key.ts';
import { withPayload } from '../../lab/bundles/bundle-json.ts';
import { holderOf, type Kind, KINDS, newPair, pemOf } from '../../lab/bundles/keys.ts';
import { makeBundle } from '../../lab/bundles/signing.ts';
import { statementAbout } from '../../lab/bundles/statement.ts';
import { attach } from './attach.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { entries, type Image, startWorld } from './world.ts';

/** The logs that support the kind; every signature has a timestamp. */
const LOGGED_BY_REKOR2 = new Set(['ECDSA P-256', 'ECDSA P-384 with SHA-384', 'RSA PKCS#1 v1.5']);
const LOGGED_BY_REKOR1 = new Set(['ECDSA P-256', 'ECDSA P-384 with SHA-256', 'RSA PKCS#1 v1.5']);
const world = await startWorld();
const [good, changed] = [new Map<string, Image>(), new Map<string, Image>()];

for (const kind of KINDS) {
  const by = holderOf(kind);
  const [bundled, layered] = await Promise.all(
    ['bundle', 'layer'].map((content) =>
      world.push('vendor/app', { content: `${kind.name} ${content}` }),
    ),
  );
  const [bundledNext, layeredNext] = await Promise.all(
    ['bundle', 'layer'].map((content) =>
      world.push('vendor/app', { content: `${kind.name} ${content}, changed` }),
    ),
  );
  if (!bundled || !layered || !bundledNext || !layeredNext) throw new Error('no images');
  const bundle = await makeBundle(world, {
    by,
    payload: statementAbout(bundled.digest),
    ...(LOGGED_BY_REKOR2.has(kind.name) ? {} : { logs: [] }),
  });
  const layer = await signatureLayer(world, layered, by, {
    ...(LOGGED_BY_REKOR1.has(kind.name) ? {} : { log: 'none' }),
    timestamp: 'bare',
  });
  await Promise.all([
    attach(world, bundled, bundle),
    putLayers(world, layered, 'sig', [layer]),
    attach(world, bundledNext, withPayload(bundle, statementAbout(bundledNext.digest))),
    putLayers(world, layeredNext, 'sig', [
      {
        ...layer,
        blob: Buffer.from(layer.blob.toString().replace(layered.digest, layeredNext.digest)),
      },
    ]),
  ]);
  good.set(`${kind.name}, bundle`, bundled).set(`${kind.name}, .sig`, layered);
  changed.set(`${kind.name}, bundle`, bundledNext).set(`${kind.name}, .sig`, layeredNext);
}

afterAll(() => world.stop());

function inputs(
  images: ReadonlyMap<string, Image>,
  keys: readonly Kind['pair'][],
): Readonly<Record<string, string>> {
  return {
    mode: 'verify',
    images: [...images.values()].map(({ reference }) => reference).join('\n'),
    key: keys.map(pemOf).join(''),
  };
}

function fingerprintOf({ pair }: Kind): string {
  const parsed = parsePublicKeys(pemOf(pair), 'key');
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value[0].fingerprint;
}

const own = KINDS.map(({ pair }) => pair);
const [accepted, foreign, tampered] = [
  await world.fromEach(inputs(good, own)),
  await world.fromEach(inputs(good, own.map(newPair))),
  await world.fromEach(inputs(changed, own)),
];

describe.each(entries)('gate run from %s', (entry) => {
  interface Result {
    readonly verdict: string;
    readonly evidence: readonly { readonly bundles: readonly { readonly key: string }[] }[];
    readonly rejections: readonly { readonly code: string }[];
  }
  const resultsOf = (runs: typeof accepted): readonly Result[] =>
    JSON.parse(runs[entry].outputs['results'] ?? '[]') as readonly Result[];
  const names = [...good.keys()];

  test('accepts a signature of every kind of key with that key', () => {
    expect(accepted[entry]).toMatchObject({ exit: 0, annotations: [] });
    expect(
      resultsOf(accepted).map(({ evidence }, index) => [
        names[index],
        evidence[0]?.bundles.map(({ key }) => key),
      ]),
    ).toEqual(names.map((name) => [name, [fingerprintOf(kindOf(name))]]));
  });

  test.each([
    ['with other keys of the same kinds', foreign],
    ['with a changed payload', tampered],
  ])('rejects a signature of every kind of key %s', (_, runs) => {
    expect(runs[entry]).toMatchObject({
      exit: 1,
      outputs: { verdict: 'rejected', verified: 'false' },
    });
    expect(
      resultsOf(runs).map(({ verdict, evidence, rejections }, index) => [
        names[index],
        verdict,
        evidence,
        rejections.map(({ code }) => code),
      ]),
    ).toEqual(names.map((name) => [name, 'rejected', [], ['SIGNATURE']]));
  });
});

function kindOf(name: string): Kind {
  const kind = KINDS.find((each) => name.startsWith(`${each.name}, `));
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
}
