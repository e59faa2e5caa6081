// What is copied of the evidence of images: each bundle once, as what it is, and nothing without its bytes.
import { describe, expect, test } from '@jest/globals';

import { rejection, SUBJECT, verifiedBundle } from '../lab/bundles/evidence.ts';
import { statementAbout } from '../lab/bundles/statement.ts';
import { copyEvidence, type CopyServices } from '../src/copying.ts';
import { ActionError } from '../src/errors.ts';
import { EvidenceBytes } from '../src/evidence-bytes.ts';
import type { FoundBundle } from '../src/model/found.ts';
import type { StorableBundle, VerifiedBundle } from '../src/model/bundle.ts';
import { digestOf } from '../src/model/digest.ts';
import { isNonEmpty } from '../src/model/non-empty.ts';
import type { Copying } from '../src/model/report.ts';
import type { Subject } from '../src/model/subject.ts';
import { SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE } from '../src/model/types.ts';
import type { Verdict } from '../src/model/verdict.ts';
import type { Store } from '../src/stores/store.ts';
import { accepted, imageVerdict, NOTHING_SEEN, unacceptable } from './report/reports.ts';

const V2 = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
const TARGET = { registry: 'quay.io', path: 'acme/app' };

function bundleOf(text: string, mediaType = V2): FoundBundle {
  const payload = Buffer.from(JSON.stringify(statementAbout(SUBJECT.digest))).toString('base64');
  const json = Buffer.from(JSON.stringify({ mediaType, text, dsseEnvelope: { payload } }));
  return { source: 'registry', place: text, json };
}

/** A store that takes one format and notes what it is given. */
function storeOf(taken: StorableBundle[], format: 'bundle' | 'layer' = 'bundle'): Store {
  const takes: Store['takes'] = (_predicateType, each) => each === format;
  return {
    name: format === 'bundle' ? 'registry' : 'legacy',
    takes,
    prepare: () =>
      Promise.resolve({
        takes,
        places: [],
        store(bundles) {
          taken.push(...bundles);
          const stored = bundles.map(({ signed: { id, subjects } }) => ({
            id,
            subjects,
            store: 'registry' as const,
            place: `quay.io ${id}`,
          }));
          return Promise.resolve({ stored, failures: [] });
        },
      }),
  };
}

async function copy(
  found: readonly FoundBundle[],
  changes: Partial<CopyServices> = {},
): Promise<{ readonly taken: readonly StorableBundle[]; readonly copying: Copying }> {
  const bytes = new EvidenceBytes();
  const verdicts = found.map((each) => {
    const bundle = verifiedBundle({ place: each.place });
    bytes.keep(bundle, each);
    return imageVerdict(accepted(bundle));
  });
  if (!isNonEmpty(verdicts)) throw new TypeError('nothing to copy');
  const taken: StorableBundle[] = [];
  const stores = [storeOf(taken), storeOf(taken, 'layer')] as const;
  const copying = await copyEvidence(verdicts, {
    targets: [{ repository: TARGET, stores }],
    bytesOf: (bundle) => bytes.of(bundle),
    describe: (image) => Promise.resolve(image),
    ...changes,
  });
  return { taken, copying };
}

describe('a copied bundle', () => {
  test('keeps its version and its predicate type', async () => {
    const { taken } = await copy([bundleOf('one')]);
    expect(taken.map(({ signed }) => signed)).toMatchObject([
      { mediaType: V2, predicateType: SIGNATURE_TYPE, subjects: [SUBJECT] },
    ]);
  });

  test('is stored once if it was found at several places', async () => {
    const [one, other] = [bundleOf('same'), bundleOf('same')];
    const { taken, copying } = await copy([one, { ...other, place: 'elsewhere' }]);
    expect(taken).toHaveLength(1);
    const place = `quay.io ${digestOf(one.json)}`;
    expect(copying).toMatchObject({
      copied: [{ stored: [{ place }] }, { stored: [{ place }] }],
      failures: [],
    });
  });

  test('is stored for the attestation manifest that it signs', async () => {
    const manifest = Buffer.from('{"mediaType":"application/vnd.docker.image","layers":[]}');
    const bare = Buffer.from('{"layers":[]}');
    const about = (bytes: Buffer): FoundBundle => ({
      ...bundleOf(bytes.toString()),
      attested: { image: SUBJECT.digest, manifest: bytes, statement: Buffer.from('{}') },
    });
    const { taken } = await copy([about(manifest), about(bare)]);
    const described = (bytes: Buffer, mediaType: string): Subject => {
      const digest = digestOf(bytes);
      return { ...SUBJECT, digest, readAs: { mediaType, digest, size: bytes.length } };
    };
    expect(taken.map(({ signed }) => signed.subjects)).toEqual([
      [described(manifest, 'application/vnd.docker.image')],
      [described(bare, 'application/vnd.oci.image.manifest.v1+json')],
    ]);
  });
});

test('a copied layer has the media type that cosign v2 gives its content', async () => {
  const layer = Buffer.from('{}');
  const annotations = { 'dev.cosignproject.cosign/signature': 'AAAA' };
  const signature = { mediaType: V2, messageSignature: {} };
  const { taken } = await copy([
    {
      source: 'legacy',
      place: 'sig',
      json: Buffer.from(JSON.stringify(signature)),
      layer,
      annotations,
    },
    { ...bundleOf('att'), layer, annotations },
  ]);
  expect(taken.map(({ signed }) => signed)).toMatchObject([
    {
      predicateType: SIMPLE_SIGNING_TYPE,
      layer: { mediaType: SIMPLE_SIGNING_TYPE, blob: layer, annotations },
    },
    {
      predicateType: SIGNATURE_TYPE,
      layer: { mediaType: 'application/vnd.dsse.envelope.v1+json', blob: layer, annotations },
    },
  ]);
});

test('copies only evidence, and only of accepted images', async () => {
  const bundle = verifiedBundle();
  const seen = { ignored: [bundle], unacceptable: [unacceptable(bundle, rejection().finding)] };
  const rejected: Verdict = { ...NOTHING_SEEN, ...seen, outcome: 'rejected', unmet: ['signature'] };
  const taken: StorableBundle[] = [];
  const copying = await copyEvidence(
    [imageVerdict({ ...accepted(), ...seen }), imageVerdict(rejected)],
    {
      targets: [{ repository: TARGET, stores: [storeOf(taken)] }],
      bytesOf: (each) => bundleOf(each === bundle ? 'other' : 'evidence'),
      describe: (image) => Promise.resolve(image),
    },
  );
  expect(taken.map(({ signed }) => signed.json)).toEqual([bundleOf('evidence').json]);
  expect(copying).toMatchObject({ copied: [{ stored: [{}] }], failures: [] });
});

describe('a failed copy', () => {
  const failure = new ActionError('service', 'SERVICE_UNREACHABLE', { message: 'm', remedy: 'r' });

  test('is reported, and the other bundles are copied', async () => {
    const describeFirst = (): CopyServices['describe'] => {
      let count = 0;
      return (image) => (count++ === 0 ? Promise.reject(failure) : Promise.resolve(image));
    };
    const found = [bundleOf('one'), bundleOf('two')];
    const { taken, copying } = await copy(found, { describe: describeFirst() });
    expect(taken).toHaveLength(1);
    expect(copying).toMatchObject({ failures: [failure] });
  });

  test('to one repository does not stop a copy to another', async () => {
    const taken: StorableBundle[] = [];
    const broken: Store = { ...storeOf([]), prepare: () => Promise.reject(failure) };
    const { copying } = await copy([bundleOf('one')], {
      targets: [
        { repository: TARGET, stores: [broken] },
        { repository: { ...TARGET, path: 'acme/other' }, stores: [storeOf(taken)] },
      ],
    });
    expect(taken).toHaveLength(1);
    expect(copying).toMatchObject({ copied: [{ stored: [{}] }], failures: [failure] });
  });
});

describe('kept evidence', () => {
  const [one, other] = [verifiedBundle(), verifiedBundle()];
  const found = bundleOf('x');

  test('is limited in size, and a copy without its bytes fails', async () => {
    const bytes = new EvidenceBytes(found.json.length);
    bytes.keep(one, found);
    bytes.keep(other, found);
    expect([bytes.of(one), bytes.of(other)]).toEqual([found, undefined]);
    const bytesOf = (): undefined => undefined;
    const { taken, copying } = await copy([found], { bytesOf });
    expect(taken).toEqual([]);
    expect(copying).toMatchObject({ copied: [], failures: [{ code: 'LIMIT_EXCEEDED' }] });
  });

  test('counts with the size of its layer, if it has one', () => {
    const bytes = new EvidenceBytes(1);
    const bundle: VerifiedBundle = one;
    bytes.keep(bundle, { ...found, layer: Buffer.from('1') });
    expect(bytes.of(bundle)).toBeDefined();
  });
});
